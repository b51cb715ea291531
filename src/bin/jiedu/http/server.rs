//! The thread that talks to clients.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener as Listener};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{sleep, timeout};

use super::{Reply, guard};

/// What every answer carries.
const HEADERS: [(&str, &str); 7] = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
];

/// The bounds of what a client may ask for.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Methods that are offered.
    pub(crate) methods: Vec<Method>,
    /// Bytes of a request's body.
    pub(crate) body: usize,
    /// Bytes of a request's head.
    pub(crate) head: usize,
    /// Connections at one time; more are closed.
    pub(crate) connections: usize,
    /// Requests that wait for an answer; more are told to come back.
    pub(crate) waiting: usize,
    /// How long a client may take to send a head, and again for a body.
    pub(crate) sending: Duration,
    /// How long an answer may take to make.
    pub(crate) answering: Duration,
    /// How long a connection may stay; whoever does not read loses it then.
    pub(crate) connection: Duration,
}

impl Limits {
    /// Pages to be read: no bodies.
    pub(crate) fn reading() -> Self {
        Self {
            methods: vec![Method::GET, Method::HEAD],
            body: 0,
            head: 32 << 10,
            connections: 64,
            waiting: 64,
            sending: Duration::from_secs(10),
            answering: Duration::from_mins(2),
            connection: Duration::from_mins(3),
        }
    }
}

/// A server on the loopback address. Ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    exchanges: Receiver<Exchange>,
    /// Dropped with the server, which ends its thread.
    _stop: oneshot::Sender<Infallible>,
}

/// A request that was let in, and the way back.
#[derive(Debug)]
pub(crate) struct Exchange {
    head: Parts,
    body: Bytes,
    reply: oneshot::Sender<Reply>,
}

impl Server {
    /// Listens on a port of this machine; 0 for any that is free.
    ///
    /// # Errors
    /// The system's, when the port cannot be had.
    pub(crate) fn open(port: u16, limits: Limits) -> io::Result<Self> {
        let listener = Listener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (sender, exchanges) = sync_channel(limits.waiting);
        let (stop, stopped) = oneshot::channel();
        let door = Arc::new(Door { port: address.port(), limits, exchanges: sender });
        std::thread::Builder::new().name("http".to_owned()).spawn(move || {
            runtime.block_on(async {
                // Nothing is ever sent: the wait ends when the server is dropped.
                let accepting = tokio::spawn(accept(listener, door));
                let _ = stopped.await;
                accepting.abort();
            });
        })?;
        Ok(Self { address, exchanges, _stop: stop })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next request, if one comes within the time.
    pub(crate) fn next(&self, wait: Duration) -> Option<Exchange> {
        self.exchanges.recv_timeout(wait).ok()
    }
}

impl Exchange {
    /// The method.
    pub(crate) fn method(&self) -> &Method {
        &self.head.method
    }

    /// The path as it was sent, without query.
    pub(crate) fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// The bytes that came with it.
    #[cfg_attr(not(test), expect(dead_code, reason = "pages that are only read take no bodies"))]
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Answers. A client that went away is no fault.
    pub(crate) fn answer(self, reply: Reply) {
        let _ = self.reply.send(reply);
    }
}

/// What all connections share.
struct Door {
    port: u16,
    limits: Limits,
    exchanges: SyncSender<Exchange>,
}

async fn accept(listener: Listener, door: Arc<Door>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(door.limits.connections));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors: some will be free in a while.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Ok(place) = places.clone().try_acquire_owned() else { continue };
        let door = door.clone();
        tokio::spawn(async move {
            converse(stream, door).await;
            drop(place);
        });
    }
}

/// One connection, to its end or its limit.
async fn converse(stream: TcpStream, door: Arc<Door>) {
    let limits = door.limits.clone();
    let service = service_fn(move |request| {
        let door = door.clone();
        async move { Ok::<_, Infallible>(finished(attend(&door, request).await)) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.sending).max_buf_size(limits.head);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // Whatever ends a connection early is the client's to repeat.
    if timeout(limits.connection, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(limits.sending, connection).await;
    }
}

/// Lets a request in, or says why not.
async fn attend(door: &Door, request: Request<Incoming>) -> Reply {
    let (head, body) = request.into_parts();
    if let Err(refusal) = guard::admit(&head, door.port, &door.limits.methods) {
        return refusal;
    }
    let too_large = || Reply::text(413, "the body is larger than allowed");
    // What is announced to be too large is not waited for.
    if body.size_hint().lower() > door.limits.body as u64 {
        return too_large();
    }
    let body = match timeout(door.limits.sending, Limited::new(body, door.limits.body).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => return too_large(),
        Err(_) => return Reply::text(408, "the body did not come in time"),
    };
    let (reply, answer) = oneshot::channel();
    if door.exchanges.try_send(Exchange { head, body, reply }).is_err() {
        return Reply::text(503, "busy, try again");
    }
    match timeout(door.limits.answering, answer).await {
        Ok(Ok(reply)) => reply,
        _ => Reply::text(503, "no answer in time"),
    }
}

fn finished(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert("content-type", HeaderValue::from_static(reply.kind));
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::thread;

    use super::*;

    /// A server that answers every request with its path, in a thread of its own.
    fn echo(limits: Limits) -> SocketAddr {
        let server = Server::open(0, limits).unwrap();
        let address = server.address();
        thread::spawn(move || {
            while let Some(exchange) = server.next(Duration::from_mins(1)) {
                let text = format!("{} {}", exchange.path(), exchange.body().len());
                exchange.answer(Reply::text(200, &text));
            }
        });
        address
    }

    fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.replace("HOST", &format!("Host: {address}")).as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[test]
    fn answers_reads_and_nothing_else() {
        let address = echo(Limits::reading());
        let get = ask(address, "GET /a?b HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n").to_ascii_lowercase();
        assert!(get.starts_with("http/1.1 200") && get.ends_with("/a 0\n"), "{get}");
        for header in ["cross-origin-resource-policy: same-origin", "frame-ancestors 'none'", "nosniff"] {
            assert!(get.contains(header), "{header}: {get}");
        }
        let head = ask(address, "HEAD /a HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
        for (request, status) in [
            ("POST / HTTP/1.1\r\nHOST\r\nContent-Length: 99999999999999\r\n\r\n", "405"),
            ("POST / HTTP/1.1\r\nHOST\r\nContent-Length: 99999999999999999999999\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHOST\r\nContent-Length: 99999999999999\r\n\r\n", "413"),
            (
                "GET / HTTP/1.1\r\nHOST\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "413",
            ),
            ("TRACE / HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n", "405"),
            ("GET / HTTP/1.1\r\nHOST\r\nHOST\r\nConnection: close\r\n\r\n", "403"),
            ("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "403"),
            ("GET / HTTP/1.0\r\n\r\n", "403"),
            ("rubbish\r\n\r\n", "400"),
        ] {
            let answer = ask(address, request);
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}"))
                    || answer.starts_with(&format!("HTTP/1.0 {status}")),
                "{request}: {answer}"
            );
        }
        let long = format!("GET /{} HTTP/1.1\r\nHOST\r\n\r\n", "a".repeat(100_000));
        assert!(!ask(address, &long).contains("200 OK"));
    }

    #[test]
    fn no_client_keeps_the_others_waiting() {
        let address = echo(Limits::reading());
        // One announces a body and sends none, one pipelines and never reads,
        // one sends half a head: all keep their connection open.
        let mut held = Vec::new();
        for request in [
            "GET / HTTP/1.1\r\nHOST\r\nContent-Length: 5\r\n\r\n".to_owned(),
            "GET /pipelined HTTP/1.1\r\nHOST\r\n\r\n".repeat(3_000),
            "GET / HTTP/1.1\r\nHo".to_owned(),
        ] {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_nonblocking(true).unwrap();
            // What the server does not take any more is not sent.
            let _ = stream.write(request.replace("HOST", &format!("Host: {address}")).as_bytes());
            held.push(stream);
        }
        let answer = ask(address, "GET /b HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    #[test]
    fn connections_beyond_the_limit_are_closed() {
        let address = echo(Limits { connections: 2, ..Limits::reading() });
        let _held: Vec<TcpStream> = (0..2).map(|_| TcpStream::connect(address).unwrap()).collect();
        // The two are taken in first: connections are accepted in order.
        assert_eq!(ask(address, "GET / HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n"), "");
    }
}
