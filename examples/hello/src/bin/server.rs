//! Greets whoever calls.

use proto::hello::v1::greeter_server::{Greeter, GreeterServer};
use proto::hello::v1::{GreetRequest, GreetResponse};
use rust_svc::Logging;
use tonic::{Request, Response, Status, transport::Server};

mod proto {
    rust_svc::include_protos!();
}

struct Hello;

#[tonic::async_trait]
impl Greeter for Hello {
    async fn greet(
        &self,
        request: Request<GreetRequest>,
    ) -> Result<Response<GreetResponse>, Status> {
        let text = format!("hello {}", request.into_inner().name);
        Ok(Response::new(GreetResponse { text }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let greeter = GreeterServer::new(Hello).intercept(Logging::new());
    let address = "127.0.0.1:50051".parse()?;
    Ok(Server::builder()
        .add_service(greeter)
        .serve(address)
        .await?)
}
