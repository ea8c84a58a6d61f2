// What a call carries goes from thread to thread with it.

use std::rc::Rc;

use rust_svc::{Interceptor, Server, Start};
use tonic::Status;

struct Audit;

impl Interceptor<Server> for Audit {
    type State = Rc<str>;

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<Rc<str>, Status> {
        Ok(Rc::from("audit"))
    }
}

fn main() {}
