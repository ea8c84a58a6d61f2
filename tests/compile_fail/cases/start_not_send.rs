// A `start` that holds something over an await which cannot go to another thread.

use std::rc::Rc;

use rust_svc::{Interceptor, Server, Start};
use tonic::Status;

struct Audit;

impl Interceptor<Server> for Audit {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
        let name = Rc::new("audit");
        std::future::ready(()).await;
        println!("{name}");
        Ok(())
    }
}

fn main() {}
