// An interceptor that cannot go to another thread, as servers do.

use std::rc::Rc;

use rust_svc::{Interceptor, Server, Start};
use tonic::Status;

struct Audit {
    name: Rc<str>,
}

impl Interceptor<Server> for Audit {
    type State = ();

    async fn start(&self, _: &mut Start<'_, Server>) -> Result<(), Status> {
        println!("{}", self.name);
        Ok(())
    }
}

fn main() {}
