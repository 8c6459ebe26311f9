package io.anycastle.proxy.exchange;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.view.HostRoute;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.ClientConnection;
import io.anycastle.proxy.listen.DeadlineHolder;
import io.anycastle.proxy.origin.OriginTarget;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: what the client sent, and what the steps have found out so far. Belongs to its event loop; ends once.
 */
public final class Exchange implements DeadlineHolder {
    private final HttpServerRequest request;
    private final ClientConnection connection;
    private final ExchangeContext surroundings;
    private final String ray;
    private final long beganNanos = System.nanoTime();
    private final boolean hasBody;

    private @Nullable HostHeader host;
    private @Nullable String uri;
    private @Nullable InetAddress client;
    private @Nullable String scheme;
    private @Nullable HostRoute route;
    private List<OriginTarget> targets = List.of();
    private @Nullable DeadlineHolder stage;
    private boolean isOver;

    Exchange(HttpServerRequest request, ExchangeContext surroundings) {
        this.request = request;
        this.surroundings = surroundings;
        this.connection = ClientConnection.of(request.connection());
        this.ray = Ray.next(surroundings.config().colo());
        this.hasBody = bodyIsAnnounced(request);
        connection.occupy(this);
        request.response().closeHandler(gone -> end());
        if (hasBody) {
            request.pause();
        }
    }

    private static boolean bodyIsAnnounced(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null ? !length.equals("0") : request.headers().contains("Transfer-Encoding");
    }

    public HttpServerRequest request() {
        return request;
    }

    public HttpServerResponse response() {
        return request.response();
    }

    public ClientConnection connection() {
        return connection;
    }

    public ExchangeContext surroundings() {
        return surroundings;
    }

    ProxyCounters counters() {
        return surroundings.counters();
    }

    public String ray() {
        return ray;
    }

    public boolean hasBody() {
        return hasBody;
    }

    boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    boolean isHttp10() {
        return request.version() == HttpVersion.HTTP_1_0;
    }

    /** The address at the other end of the connection. */
    public InetAddress peer() {
        InetSocketAddress remote = (InetSocketAddress) connection.remote();
        return remote.getAddress();
    }

    public InetAddress client() {
        return client == null ? peer() : client;
    }

    void client(InetAddress found) {
        client = found;
    }

    /** {@code http} or {@code https}: how the client speaks to the edge, or to the trusted proxy before it. */
    String scheme() {
        return scheme == null ? connection.listener().scheme() : scheme;
    }

    void scheme(String said) {
        scheme = said;
    }

    /** The target in origin form: what the origin is asked for. */
    public String uri() {
        return uri == null ? request.uri() : uri;
    }

    void uri(String originForm) {
        uri = originForm;
    }

    public Optional<HostHeader> host() {
        return Optional.ofNullable(host);
    }

    void host(HostHeader found) {
        host = found;
    }

    /** The host's name; empty before it is known to be one. */
    public Optional<DomainName> hostName() {
        return host instanceof HostHeader.Named named ? Optional.of(named.name()) : Optional.empty();
    }

    public Optional<HostRoute> route() {
        return Optional.ofNullable(route);
    }

    void route(HostRoute found) {
        route = found;
    }

    public List<OriginTarget> targets() {
        return targets;
    }

    void targets(List<OriginTarget> found) {
        targets = found;
    }

    /** What the exchange waits for now, which knows its deadlines. */
    void stage(DeadlineHolder now) {
        stage = now;
    }

    @Override
    public void expire(long nowNanos) {
        if (stage != null) {
            stage.expire(nowNanos);
        }
    }

    public boolean isOver() {
        return isOver;
    }

    /** Ends the exchange: counts and logs it, and gives the connection free. Only the first call does anything. */
    void end() {
        if (isOver) {
            return;
        }
        isOver = true;
        connection.free();
        HttpServerResponse response = response();
        counters().add(Event.BYTES_FROM_CLIENTS, request.bytesRead());
        counters().add(Event.BYTES_TO_CLIENTS, response.bytesWritten());
        if (response.headWritten()) {
            counters().countAnswer(response.getStatusCode());
        } else {
            counters().count(Event.CLIENT_ABORTS);
        }
        counters().count(Event.REQUESTS); // last: who finds a request counted finds all of it counted
        AccessLog.write(this, System.nanoTime() - beganNanos);
    }
}
