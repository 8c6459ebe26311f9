package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters.Event;
import io.anycastle.dns.HttpsConfig;
import io.anycastle.dns.answer.QuerySource;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.LiveCertificate;
import io.anycastle.dns.wire.AnswerReader;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * DNS over HTTPS (RFC 8484) by HTTP/1.1 and HTTP/2 on one address: the share of one event loop. Instances of the same address share its
 * connections. Without TLS it is for a proxy on this machine, which tells the client's address.
 */
final class DohListener implements Listener {
    private static final int HEADERS_OCTETS_MAX = 8192;
    private static final int LINE_SLACK = 1024;

    private static final List<HttpVersion> VERSIONS = List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);

    /**
     * How TLS is spoken: the certificate, and the time for it.
     *
     * @param lenient for clients that ask by a name which the JDK takes for none
     */
    record Tls(LiveCertificate certificate, Optional<SslContext> lenient, Duration handshakeTimeout) {
        /** Blocks. */
        static Tls of(LiveCertificate certificate, Duration handshakeTimeout) {
            List<String> protocols =
                    VERSIONS.stream().map(HttpVersion::alpnName).toList();
            return new Tls(certificate, AnyNameTls.lenient(certificate, protocols), handshakeTimeout);
        }
    }

    private final InetSocketAddress address;
    private final HttpsConfig config;
    private final Listeners.Streams streams;
    private final Responder responder;
    private final Optional<Tls> tls;
    private final byte[] query;
    private final byte[] answer = new byte[Responder.TCP_OCTETS_MAX];
    private final Map<HttpConnection, DohConnection> connections = new HashMap<>();
    private @Nullable HttpServer server;

    DohListener(
            InetSocketAddress address,
            HttpsConfig config,
            Listeners.Streams streams,
            Responder responder,
            Optional<Tls> tls) {
        this.address = address;
        this.config = config;
        this.streams = streams;
        this.responder = responder;
        this.tls = tls;
        query = new byte[messageMax()];
    }

    private int messageMax() {
        return streams.config().queryBytesMax();
    }

    @Override
    public Future<?> open(Context context) {
        HttpServer listening = context.owner()
                .createHttpServer(options())
                .connectionHandler(this::connected)
                .requestHandler(this::asked);
        server = listening;
        streams.checkIdle(context.owner(), this::closeIdle);
        return ListenAddresses.told(address, listening.listen(ListenAddresses.inVertx(address)));
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setAcceptBacklog(Listeners.ACCEPT_BACKLOG)
                .setTcpNoDelay(true)
                .setMaxInitialLineLength(messageMax() * 4 / 3 + LINE_SLACK)
                .setMaxHeaderSize(HEADERS_OCTETS_MAX)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(config.streamsMax())
                        .setMaxHeaderListSize(HEADERS_OCTETS_MAX + messageMax() * 4 / 3));
        if (tls.isEmpty()) {
            // The server waits for the first octets before it tells of a connection; who sends none is closed in time,
            // too.
            options.setIdleTimeout(Math.clamp(streams.config().idleTimeout().toMillis(), 1, Integer.MAX_VALUE))
                    .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        }
        tls.ifPresent(spoken -> options.setSsl(true)
                .setSslEngineOptions(new CountedTls(spoken.lenient, streams))
                .setUseAlpn(true)
                .setAlpnVersions(VERSIONS)
                .setKeyCertOptions(KeyCertOptions.wrap(spoken.certificate.keys()))
                .setEnabledSecureTransportProtocols(Listeners.TLS_VERSIONS)
                .setSslHandshakeTimeout(spoken.handshakeTimeout.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
        return options;
    }

    private void connected(HttpConnection connection) {
        SocketAddress remote = connection.remoteAddress();
        if (remote == null || remote.hostAddress() == null) {
            connection.close(); // gone already
            return;
        }
        InetAddress client = InetAddress.ofLiteral(remote.hostAddress());
        if (!isCountedByTls() && !streams.connections().enter(client)) {
            connection.close();
            return;
        }
        streams.counters().count(Event.DOH_CONNECTIONS);
        DohConnection known = new DohConnection(connection, client, remote.port(), streams);
        connections.put(connection, known);
        connection.exceptionHandler(_ -> {});
        connection.closeHandler(_ -> {
            if (!isCountedByTls()) {
                streams.connections().leave(client);
            }
            connections.remove(connection);
            known.closed();
        });
    }

    /** In TLS a connection is counted from its accept on, see {@link CountedTls}; else from its first octets on, from which its end is told. */
    private boolean isCountedByTls() {
        return tls.isPresent();
    }

    private void asked(HttpServerRequest request) {
        DohConnection from = connections.get(request.connection());
        if (from == null) {
            request.connection().close();
            return;
        }
        if (from.isCutOff()) {
            return;
        }
        request.exceptionHandler(_ -> {});
        switch (DohRequest.of(request, config.path(), messageMax())) {
            case DohRequest.Query(Buffer message) -> answer(request, from, message);
            case DohRequest.BodyFollows _ ->
                from.begin().ifPresentOrElse(body -> collect(request, from, body), () -> cutOff(from));
            case DohRequest.Refused refused -> refuse(request, refused);
        }
    }

    private void collect(HttpServerRequest request, DohConnection from, DohConnection.Body place) {
        Buffer body = Buffer.buffer();
        request.exceptionHandler(_ -> place.over());
        request.handler(octets -> {
            if (body.length() + octets.length() > messageMax()) {
                place.over();
                request.handler(_ -> {}).endHandler(_ -> {});
                refuse(request, DohRequest.TOO_LONG);
                return;
            }
            body.appendBuffer(octets);
        });
        request.endHandler(_ -> {
            place.over();
            answer(request, from, body);
        });
    }

    /** Too much is kept for clients that do not read, or send in part. */
    private void cutOff(DohConnection slow) {
        streams.counters().count(Event.TCP_SLOW);
        slow.cutOff();
    }

    private void answer(HttpServerRequest request, DohConnection from, Buffer message) {
        if (from.isCutOff()) {
            return;
        }
        if (!from.mayAnswer()) {
            cutOff(from);
            return;
        }
        message.getBytes(query);
        responder.beginBatch();
        int length = responder.respond(query, message.length(), source(request, from), answer);
        if (length == 0) {
            refuse(request, DohRequest.NO_MESSAGE);
            return;
        }
        if (length == Responder.FAULT) {
            refuse(request, DohRequest.FAULT);
            return;
        }
        Buffer body = Buffer.buffer(length).appendBytes(answer, 0, length);
        from.answering(length);
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, DohRequest.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=" + AnswerReader.lifetimeSeconds(body.getBytes()))
                .end(body)
                .onComplete(_ -> from.written(length));
    }

    private QuerySource source(HttpServerRequest request, DohConnection from) {
        QuerySource source = new QuerySource(Transport.DOH);
        source.set(from.client(), from.port());
        if (tls.isEmpty()) {
            ForwardedFor.client(request.headers().getAll("X-Forwarded-For")).ifPresent(client -> source.set(client, 0));
        }
        return source;
    }

    private void refuse(HttpServerRequest request, DohRequest.Refused refused) {
        if (refused.status() < 500) {
            streams.counters().count(Event.DOH_REFUSED);
        }
        var response = request.response()
                .setStatusCode(refused.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
        if (refused.status() == 405) {
            response.putHeader(HttpHeaders.ALLOW, "GET, POST");
        }
        boolean isLast = refused.status() == 413 && request.version() != HttpVersion.HTTP_2;
        if (isLast) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        Future<Void> written = response.end(refused.reason() + "\n");
        if (isLast) {
            written.onComplete(_ -> request.connection().close());
        }
    }

    /** As with TCP: a query must be completed in time. */
    private void closeIdle() {
        long now = System.nanoTime();
        long idleNanos = streams.connections().idleNanos();
        for (DohConnection connection : List.copyOf(connections.values())) {
            if (now - connection.waitingSinceNanos() > idleNanos) {
                connection.endIdle();
            }
        }
    }

    /** As long as its event loop lives, which is as long as anything does. */
    @Override
    public boolean isAnswering() {
        return true;
    }

    @Override
    public Future<?> close(Context context) {
        HttpServer listening = server;
        if (listening == null) {
            return Future.succeededFuture();
        }
        long timer = context.owner()
                .setTimer(
                        Listeners.LAST_ANSWERS_MS,
                        _ -> List.copyOf(connections.values()).forEach(DohConnection::cutOff));
        return listening.close().onComplete(_ -> context.owner().cancelTimer(timer));
    }
}
