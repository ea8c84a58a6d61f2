//! Calls the server once.

use proto::hello::v1::{GreetRequest, greeter_client::GreeterClient};

mod proto {
    rust_svc::include_protos!();
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut client = GreeterClient::connect("http://127.0.0.1:50051").await?;
    let request = GreetRequest {
        name: "Ada".to_owned(),
    };
    let response = client.greet(request).await?;
    println!("{}", response.into_inner().text);
    Ok(())
}
