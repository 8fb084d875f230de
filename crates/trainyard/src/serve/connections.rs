//! Connections: how many there may be, how long each may dawdle, and how they end when the server stops. What comes
//! through them is the router's business.

use super::stalled::Unstalled;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// How many connections may be open at once; more wait in the operating system's queue.
const MOST: u32 = 8_192;
/// Open files that connections leave to the database, the artifacts and whatever else the process does.
const OTHER_FILES: u64 = 256;
/// The most bytes that are kept of a connection before somebody takes them.
const BUFFER: usize = 128 << 10;
/// How long to rest when no connection can be taken, for instance because the process has too many files open.
const REST: Duration = Duration::from_millis(200);

/// How long to wait for people.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For the head of a request to arrive, and how long a connection may stay open without one.
    head: Duration,
    /// For the other side to take anything of what it is sent.
    taking: Duration,
    /// For open requests to end once the server stops.
    farewell: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(60),
            taking: Duration::from_secs(60),
            // Whoever stops a server commonly waits ten seconds before killing it.
            farewell: Duration::from_secs(5),
        }
    }
}

/// Answers connections until `stopping`, then lets open requests end within a few seconds.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    stopping: CancellationToken,
    patience: Patience,
) {
    let most = most_connections();
    let places = Arc::new(Semaphore::new(most as usize));
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = stopping.cancelled() => break,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let served = connection(stream, peer, router.clone(), stopping.clone(), patience);
                tokio::spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(patience.farewell, places.acquire_many(most))
        .await
        .is_err()
    {
        tracing::warn!("requests that did not end in time were broken off");
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stopping: CancellationToken,
    patience: Patience,
) {
    // Small answers leave at once; where that cannot be set they leave a little later.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(BUFFER);
    let stream = TokioIo::new(Unstalled::new(stream, patience.taking));
    let mut served = pin!(protocol.serve_connection(stream, service));
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stopping.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// As many connections as the process may have files open, after asking for as many files as it may have.
#[cfg(unix)]
fn most_connections() -> u32 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let wanted = u64::from(MOST) + OTHER_FILES;
    let limit = getrlimit(Resource::Nofile);
    let reachable = limit.maximum.unwrap_or(u64::MAX).min(wanted);
    let mut files = limit.current.unwrap_or(u64::MAX);
    if files < reachable {
        let raised = Rlimit {
            current: Some(reachable),
            maximum: limit.maximum,
        };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            files = reachable;
        }
    }
    let spare = files.saturating_sub(OTHER_FILES).max(files / 2).max(1);
    u32::try_from(spare).map_or(MOST, |spare| spare.min(MOST))
}

#[cfg(not(unix))]
fn most_connections() -> u32 {
    MOST
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "a failed step is a failed test"
    )]
    use super::*;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, timeout};

    const LONG: Duration = Duration::from_secs(10);

    async fn running(patience: Patience) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
        let router = Router::new()
            .route(
                "/who",
                get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()),
            )
            .route("/take", post(async |body: String| body))
            .route("/much", get(async || vec![b'x'; 64 << 20]));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stopping = CancellationToken::new();
        let server = tokio::spawn(serve(listener, router, stopping.clone(), patience));
        (address, stopping, server)
    }

    /// Sends this and reads until the other side closes.
    async fn sent(address: SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        timeout(LONG, stream.read_to_end(&mut answer))
            .await
            .expect("the connection is closed")
            .unwrap();
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn connections_that_dawdle_are_closed() {
        let patience = Patience {
            head: Duration::from_millis(50),
            ..Patience::default()
        };
        let (address, stopping, server) = running(patience).await;
        for silent in [
            "",
            "P",
            "PRI * HT",
            "GET /who HTTP/1.1\r\nHost: here\r\nX-Slow",
        ] {
            let answer = sent(address, silent).await;
            assert!(!answer.contains("200"), "{silent:?}: {answer}");
        }
        let answer = sent(address, "GET /who HTTP/1.1\r\nHost: here\r\n\r\n").await;
        assert!(answer.contains("127.0.0.1:"), "{answer}");
        stopping.cancel();
        timeout(LONG, server).await.unwrap().unwrap();
    }

    /// Attack 15: who asks for much and takes nothing loses the connection; who takes it slowly gets it all.
    #[tokio::test]
    async fn attack_15_readers_that_stop_reading_are_let_go() {
        let patience = Patience {
            taking: Duration::from_millis(300),
            ..Patience::default()
        };
        let (address, stopping, server) = running(patience).await;
        let ask = b"GET /much HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(ask).await.unwrap();
        let mut taken = 0;
        let mut piece = vec![0; 4 << 20];
        loop {
            match slow.read(&mut piece).await.unwrap() {
                0 => break,
                bytes => taken += bytes,
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(taken > 64 << 20, "only {taken} bytes came");
        let mut stuck = TcpStream::connect(address).await.unwrap();
        stuck.write_all(ask).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut rest = Vec::new();
        // Whether the end is a reset or a plain end, most of the answer never comes.
        let _ = timeout(LONG, stuck.read_to_end(&mut rest)).await.unwrap();
        assert!(rest.len() < 64 << 20, "{} bytes were kept", rest.len());
        stopping.cancel();
        timeout(LONG, server).await.unwrap().unwrap();
    }

    /// Attack 15: a head of any size is read up to a bound.
    #[tokio::test]
    async fn attack_15_endless_heads_are_refused() {
        let (address, stopping, server) = running(Patience::default()).await;
        let many = "X-Many: 1\r\n".repeat(10_000);
        let long = format!("X-Long: {}\r\n", "x".repeat(4 * BUFFER));
        let path = "x".repeat(4 * BUFFER);
        for (path, headers) in [("who", many), ("who", long), (&path, String::new())] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let text = format!("GET /{path} HTTP/1.1\r\nHost: here\r\n{headers}\r\n");
            // The server may hang up before everything is sent.
            let _ = stream.write_all(text.as_bytes()).await;
            let mut answer = Vec::new();
            let ended = timeout(LONG, stream.read_to_end(&mut answer)).await;
            let answer = String::from_utf8_lossy(&answer);
            assert!(ended.is_ok(), "{} {}: {answer}", path.len(), headers.len());
            assert!(!answer.contains("200 OK"), "{answer}");
            assert!(
                answer.is_empty() || answer.contains(" 431 ") || answer.contains(" 414 "),
                "{answer}"
            );
        }
        let answer = sent(
            address,
            "GET /who HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n",
        )
        .await;
        assert!(answer.contains("200 OK"), "{answer}");
        stopping.cancel();
        timeout(LONG, server).await.unwrap().unwrap();
    }

    /// Attack 15: bodies that lie about their length, and other protocols on this port. Neither is answered as if it were
    /// a request; a body in the smallest pieces is read like any other.
    #[tokio::test]
    async fn attack_15_bodies_that_lie_and_other_protocols_are_refused() {
        let (address, stopping, server) = running(Patience::default()).await;
        let take = |headers: &str, body: &str| {
            format!(
                "POST /take HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{headers}\r\n\r\n{body}"
            )
        };
        let chunked = "Transfer-Encoding: chunked";
        let endless = format!("1;{}", "x".repeat(1 << 20));
        for wrong in [
            take("Content-Length: 4\r\nContent-Length: 5", "abcde"),
            take("Content-Length: 4, 5", "abcde"),
            take("Content-Length: -4", "abcd"),
            take("Content-Length: +4", "abcd"),
            take("Content-Length: 0x4", "abcd"),
            take("Content-Length: 99999999999999999999", "abcd"),
            take("Transfer-Encoding : chunked", "4\r\nabcd\r\n0\r\n\r\n"),
            take(
                "Transfer-Encoding: chunked, identity",
                "4\r\nabcd\r\n0\r\n\r\n",
            ),
            take(chunked, "FFFFFFFFFFFFFFFFF\r\nabcd\r\n0\r\n\r\n"),
            take(chunked, "-4\r\nabcd\r\n0\r\n\r\n"),
            take(chunked, &endless),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
            "GET /who HTTP/9.9\r\nHost: here\r\n\r\n".to_owned(),
            "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03\r\n\r\n".to_owned(),
        ] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            // The server may hang up before everything is sent.
            let _ = stream.write_all(wrong.as_bytes()).await;
            let mut answer = Vec::new();
            let ended = timeout(LONG, stream.read_to_end(&mut answer)).await;
            let answer = String::from_utf8_lossy(&answer);
            assert!(ended.is_ok(), "{answer}");
            let begin: String = wrong.chars().take(160).collect();
            assert!(
                answer.is_empty() || answer.contains(" 400 ") || answer.contains(" 505 "),
                "{begin:?}: {answer}"
            );
        }
        for protocol in ["h2c", "websocket"] {
            let answer = sent(
                address,
                &format!("GET /who HTTP/1.1\r\nHost: here\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: {protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"),
            )
            .await;
            assert!(
                answer.starts_with("HTTP/1.1 200 OK"),
                "{protocol}: {answer}"
            );
        }
        let answer = sent(
            address,
            &take(
                chunked,
                &format!("{}0\r\n\r\n", "1\r\nx\r\n".repeat(100_000)),
            ),
        )
        .await;
        assert!(answer.ends_with(&"x".repeat(100_000)), "{}", answer.len());
        stopping.cancel();
        timeout(LONG, server).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn stopping_waits_for_open_requests_but_not_for_ever() {
        let patience = Patience {
            farewell: Duration::from_millis(300),
            ..Patience::default()
        };
        let (address, stopping, server) = running(patience).await;
        let head = "POST /take HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nab";
        let mut ends = TcpStream::connect(address).await.unwrap();
        ends.write_all(head.as_bytes()).await.unwrap();
        let mut hangs = TcpStream::connect(address).await.unwrap();
        hangs.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let began = Instant::now();
        stopping.cancel();
        ends.write_all(b"cd").await.unwrap();
        let mut answer = String::new();
        ends.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("abcd"), "{answer}");
        timeout(LONG, server).await.unwrap().unwrap();
        assert!(began.elapsed() >= patience.farewell, "it did not wait");
    }
}
