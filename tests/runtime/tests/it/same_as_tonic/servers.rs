//! Servers, called without a connection, so that requests can be as wrong as one likes.

use std::convert::Infallible;

use http::{HeaderMap, HeaderValue, Method, Request, Version};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use tonic::Code;
use tonic::body::Body;
use tower::{Service, ServiceExt as _};

use super::{
    Chunk, Differences, Mark, NoHooks, Nothing, Settings, body, headers, lines, ours, tonics,
};
use crate::echo::{KINDS, Kind};

/// A request, and how tonic's server ends the call. That is said so that a case is about what its
/// name says.
#[derive(Clone, Debug)]
pub(super) struct Case {
    name: &'static str,
    code: Code,
    kinds: Vec<Kind>,
    settings: Settings,
    method: Method,
    version: Version,
    path: Option<&'static str>,
    headers: HeaderMap,
    chunks: Vec<Chunk>,
}

impl Case {
    pub(super) fn new(name: &'static str, code: Code, chunks: impl Into<Vec<Chunk>>) -> Self {
        Self {
            name,
            code,
            kinds: KINDS.to_vec(),
            settings: Settings::default(),
            method: Method::POST,
            version: Version::HTTP_2,
            path: None,
            headers: headers(&[("te", "trailers"), ("content-type", "application/grpc")]),
            chunks: chunks.into(),
        }
    }

    /// Only for some kinds: others end otherwise.
    pub(super) fn only(mut self, kinds: &[Kind]) -> Self {
        self.kinds = kinds.to_vec();
        self
    }

    pub(super) fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.headers.insert(name, value);
        self
    }

    pub(super) fn path(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self
    }

    pub(super) fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    pub(super) fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    fn request(&self, kind: Kind) -> Request<Body> {
        let path = self.path.map_or_else(
            || format!("/four_kinds.v1.Kinds/{kind:?}"),
            ToOwned::to_owned,
        );
        let mut request = Request::new(body(&self.chunks));
        *request.uri_mut() = format!("http://server.test{path}").parse().unwrap();
        *request.method_mut() = self.method.clone();
        *request.version_mut() = self.version;
        *request.headers_mut() = self.headers.clone();
        request
    }
}

/// All that a server answers.
#[derive(Debug, PartialEq)]
struct Raw {
    status: http::StatusCode,
    version: Version,
    headers: Vec<String>,
    mark: Option<Mark>,
    /// Whether it is known to be empty, which is sent along with the headers.
    is_empty: bool,
    data: Vec<Vec<u8>>,
    trailers: Vec<Vec<String>>,
    error: Option<String>,
}

impl Raw {
    /// The codes that it says: one, unless something is wrong.
    fn codes(&self) -> Vec<i32> {
        let lines = self.headers.iter().chain(self.trailers.iter().flatten());
        let codes = lines.filter_map(|line| line.strip_prefix("grpc-status: "));
        let codes = codes.map(|code| code.trim_matches('"').parse().unwrap());
        codes.collect()
    }
}

async fn serve<S>(server: S, request: Request<Body>) -> Raw
where
    S: Service<Request<Body>, Response = http::Response<Body>, Error = Infallible>,
{
    let response = server.oneshot(request).await.unwrap();
    let (head, mut body) = response.into_parts();
    let mut raw = Raw {
        status: head.status,
        version: head.version,
        headers: lines(&head.headers),
        mark: head.extensions.get().copied(),
        is_empty: body.is_end_stream(),
        data: Vec::new(),
        trailers: Vec::new(),
        error: None,
    };
    // Up to the trailers or an error, after which nobody reads on: tonic's bodies may go on for ever.
    while let Some(frame) = body.frame().await {
        match frame.map(|frame| frame.into_data()) {
            Ok(Ok(data)) => raw.data.push(data.to_vec()),
            Ok(Err(frame)) => {
                raw.trailers.push(lines(frame.trailers_ref().unwrap()));
                break;
            }
            Err(status) => {
                raw.error = Some(format!("{status:?}"));
                break;
            }
        }
    }
    raw
}

/// Asks all servers the same.
pub(super) async fn compare(cases: impl IntoIterator<Item = Case>) {
    let mut differences = Differences::default();
    for case in cases {
        for kind in &case.kinds {
            compare_one(&mut differences, &case, *kind).await;
        }
    }
}

async fn compare_one(differences: &mut Differences, case: &Case, kind: Kind) {
    let name = format!("{}, {kind:?}", case.name);
    let expected = serve(tonics::server(case.settings), case.request(kind)).await;
    let code = case.code as i32;
    differences.compare(&format!("{name}: code"), &expected.codes(), &vec![code]);

    let server = || ours::server(case.settings);
    let mut check = |how, raw| differences.compare(&format!("{name}, {how}"), &raw, &expected);
    check("plain", serve(server(), case.request(kind)).await);
    let one = server().intercept(Nothing);
    check("an interceptor", serve(one, case.request(kind)).await);
    let two = server().intercept((Nothing, Nothing));
    check("two interceptors", serve(two, case.request(kind)).await);
    let hooks = server().with_hooks(NoHooks);
    check("hooks", serve(hooks, case.request(kind)).await);
    let all = server().with_hooks(NoHooks).intercept(Nothing);
    check(
        "hooks and an interceptor",
        serve(all, case.request(kind)).await,
    );
}
