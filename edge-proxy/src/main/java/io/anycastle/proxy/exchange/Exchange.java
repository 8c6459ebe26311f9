package io.anycastle.proxy.exchange;

import io.anycastle.core.geo.AddressFacts;
import io.anycastle.core.geo.CurrentGeo;
import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.view.HostRoute;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.log.AccessLogLines;
import io.anycastle.proxy.log.TailFeed;
import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.message.ClientStream;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.message.RequestListener;
import io.anycastle.proxy.origin.OriginGroup;
import io.anycastle.proxy.origin.OriginMember;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.reply.EdgeError;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: what the client sent, and what the steps have found out so far. Belongs to its event loop; ends once.
 */
public final class Exchange implements RequestListener {
    private final ClientStream stream;
    private final ExchangeContext surroundings;
    private final long ray = Ray.next();
    private final long beganNanos = System.nanoTime();

    private @Nullable HostHeader host;
    private @Nullable InetAddress client;
    private @Nullable AddressFacts clientFacts;
    private @Nullable String scheme;
    private @Nullable KnownHost known;
    private @Nullable HostRoute route;
    private @Nullable OriginGroup group;
    private List<OriginMember> origins = List.of();
    private int asked;
    private @Nullable HttpVersion originVersion;
    private int errorCode;
    private long seekNanos = -1;
    private long connectNanos = -1;
    private long firstByteNanos = -1;
    private boolean isOver;

    Exchange(ClientStream stream, ExchangeContext surroundings) {
        this.stream = stream;
        this.surroundings = surroundings;
        stream.listen(this);
    }

    public ClientStream stream() {
        return stream;
    }

    public RequestHead request() {
        return stream.head();
    }

    public Fields fields() {
        return stream.head().fields();
    }

    public ClientConnection connection() {
        return stream.connection();
    }

    public ExchangeContext surroundings() {
        return surroundings;
    }

    ProxyCounters counters() {
        return surroundings.counters();
    }

    /** The request's name for who copies it at once: the next exchange that is asked for its own writes it in the same place. */
    public AsciiString ray() {
        return Ray.text(ray, surroundings.config().colo());
    }

    public boolean hasBody() {
        return stream.bodyLength() != 0;
    }

    boolean isHead() {
        return request().isMethod("HEAD");
    }

    boolean isHttp10() {
        return request().version() == HttpVersion.HTTP_1_0;
    }

    /** The address at the other end of the connection. */
    public InetAddress peer() {
        return connection().peer();
    }

    public InetAddress client() {
        return client == null ? peer() : client;
    }

    String clientText() {
        return client == null ? connection().peerText() : AddressText.of(client.getAddress());
    }

    void client(InetAddress found) {
        client = found.equals(peer()) ? null : found;
    }

    /** The number of the client's network, by which limits are kept. */
    long clientNetwork() {
        return client == null
                ? connection().peerNetwork()
                : surroundings.rates().network(client);
    }

    /** What GeoIP files say of the client: looked up once for all requests of a connection that is the client's own. */
    AddressFacts clientFacts() {
        CurrentGeo geo = surroundings.geo();
        if (!geo.hasFiles()) {
            return AddressFacts.NONE;
        }
        AddressFacts known = client == null ? connection().peerFacts() : clientFacts;
        if (known == null) {
            known = geo.find(client());
            if (client == null) {
                connection().peerFacts(known);
            } else {
                clientFacts = known;
            }
        }
        return known;
    }

    /** {@code http} or {@code https}: how the client speaks to the edge, or to the trusted proxy before it. */
    String scheme() {
        return scheme == null ? connection().scheme() : scheme;
    }

    void scheme(String said) {
        scheme = said;
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

    /** What the client wrote as its host, in lower case and without final dot, with a port where it wrote one; empty when that is no name. */
    String hostField() {
        return host instanceof HostHeader.Named named ? named.field() : "";
    }

    /** What the view says of the host; after it has been looked up. */
    KnownHost known() {
        return Objects.requireNonNull(known, "looked up");
    }

    void known(KnownHost found) {
        known = found;
    }

    public Optional<HostRoute> route() {
        return Optional.ofNullable(route);
    }

    void route(HostRoute found) {
        route = found;
    }

    /** The origins that its own are chosen among; after they have been found. */
    OriginGroup group() {
        return Objects.requireNonNull(group, "found");
    }

    /** Those that it may ask, in this order; empty before they have been found. */
    public List<OriginMember> origins() {
        return origins;
    }

    void origins(OriginGroup among, List<OriginMember> chosen) {
        group = among;
        origins = chosen;
    }

    public boolean isOver() {
        return isOver;
    }

    /** Ends the exchange: counts and logs it. Only the first call does anything. */
    void end() {
        if (isOver) {
            return;
        }
        isOver = true;
        counters().add(Event.BYTES_FROM_CLIENTS, stream.bytesRead());
        counters().add(Event.BYTES_TO_CLIENTS, stream.bytesWritten());
        if (stream.status() > 0) {
            counters().countAnswer(stream.status());
        } else {
            counters().count(Event.CLIENT_ABORTS);
        }
        counters().count(Event.REQUESTS); // last: who finds a request counted finds all of it counted
        AccessLogLines log = surroundings.log();
        if (log != null) {
            AccessLog.write(this, log, ageNanos());
        }
        List<TailFeed> feeds = surroundings.tail().feeds();
        if (!feeds.isEmpty()) {
            AccessLog.give(this, feeds, ageNanos());
        }
    }

    /** The number of the edge's own error; 0 when the answer is none. */
    int errorCode() {
        return errorCode;
    }

    void failsWith(EdgeError error) {
        errorCode = error.code();
    }

    /** The target that was asked last, or will be asked first; there must be one. */
    OriginTarget askedTarget() {
        return origins.get(asked).target();
    }

    /** A connection to an origin is looked for from here on. */
    void seeks() {
        seekNanos = ageNanos();
    }

    /** An origin is asked from here on. */
    void asks(int target, HttpVersion by) {
        asked = target;
        originVersion = by;
        connectNanos = ageNanos();
    }

    /** What is spoken with the origin that was asked last; null when none was. */
    @Nullable
    HttpVersion originVersion() {
        return originVersion;
    }

    void originAnswers() {
        firstByteNanos = ageNanos();
    }

    /** When its head had come, in nanoseconds of the JVM's clock. */
    long beganNanos() {
        return beganNanos;
    }

    /** From the request's head until now. */
    long ageNanos() {
        return System.nanoTime() - beganNanos;
    }

    /** From the request's head until a connection to an origin was looked for; -1 when none was. */
    long seekNanos() {
        return seekNanos;
    }

    /** From the request's head until there was a connection to an origin; -1 when there was none. */
    long connectNanos() {
        return connectNanos;
    }

    /** From the request's head until an origin's answer began; -1 when none did. */
    long firstByteNanos() {
        return firstByteNanos;
    }

    // ---- while nobody wants the request's body, or the edge answers by itself

    @Override
    public void uploaded(ByteBuf piece) {
        piece.release();
    }

    @Override
    public void uploadEnded(@Nullable Fields trailers) {}

    @Override
    public void uploadMalformed() {}

    @Override
    public void clientReadComplete() {}

    @Override
    public void clientWritable() {}

    @Override
    public void sent() {
        end();
    }

    @Override
    public void gone() {
        end();
    }

    @Override
    public void expire(long nowNanos) {}
}
