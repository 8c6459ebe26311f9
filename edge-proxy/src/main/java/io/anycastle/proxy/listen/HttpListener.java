package io.anycastle.proxy.listen;

import io.anycastle.core.failure.ListenException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A listening socket, whose connections go to the event loops in turn. */
public final class HttpListener {
    private static final int BACKLOG = 4096;

    private final VertxInternal vertx;
    private final ConnectionLimiter limiter;
    private volatile ListenerConfig listener;
    private volatile @Nullable ServerChannel channel;
    private volatile @Nullable Acceptor acceptor;
    private volatile @Nullable QuicListener quic;

    public HttpListener(Vertx vertx, ListenerConfig listener, ConnectionLimiter limiter) {
        this.vertx = (VertxInternal) vertx;
        this.listener = listener;
        this.limiter = limiter;
    }

    /** Opens the sockets; fails with a {@link ListenException} of plain sentences, and leaves none open then. */
    public Future<Void> open(List<ClientLoop> loops) {
        return tls(listener)
                .compose(ready -> {
                    listener = ready.listener;
                    return bind(loops, ready.tls).compose(bound -> bindQuic(loops, ready.tls));
                })
                .recover(failure -> close().transform(closed -> Future.failedFuture(told(failure))));
    }

    private ListenException told(Throwable failure) {
        return failure instanceof ListenException told ? told : new ListenException(List.of(sentence(failure)));
    }

    /** A listener's configuration, as far as this machine can follow it, with what its TLS is made of. */
    private record Ready(ListenerConfig listener, Optional<ListenerTls> tls) {}

    private Future<Ready> tls(ListenerConfig wanted) {
        if (wanted.tls().isEmpty()) {
            return Future.succeededFuture(new Ready(wanted, Optional.empty()));
        }
        TlsFiles files = wanted.tls().get();
        Promise<Ready> ready = Promise.promise();
        vertx.executeBlocking(() -> {
                    List<String> problems = files.problems(vertx);
                    if (!problems.isEmpty()) {
                        throw new ListenException(problems);
                    }
                    ListenerTls opened = files.open(vertx, wanted);
                    ready.complete(
                            new Ready(opened.quic().isPresent() ? wanted : wanted.withoutHttp3(), Optional.of(opened)));
                    return true;
                })
                .onFailure(ready::tryFail);
        return ready.future();
    }

    /** Whether another configuration is of the same address and port, and of the same scheme. */
    public boolean isAt(ListenerConfig other) {
        return listener.address().equals(other.address())
                && listener.port() == other.port()
                && listener.isTls() == other.isTls();
    }

    /** Whether the other cannot be opened as long as this one is open. */
    public boolean isInTheWayOf(HttpListener other) {
        InetAddress own = InetAddress.ofLiteral(listener.address());
        InetAddress wanted = InetAddress.ofLiteral(other.listener.address());
        return listener.port() != 0
                && listener.port() == other.listener.port()
                && (own.equals(wanted) || own.isAnyLocalAddress() || wanted.isAnyLocalAddress());
    }

    /** What is said where the node itself is in the way. */
    public ListenException needsRestart() {
        return new ListenException(List.of("The " + listener.scheme() + " listener cannot use " + listener.address()
                + " port " + listener.port() + " while this node listens there otherwise: that takes a restart."));
    }

    /**
     * Reads what another configuration of the same socket is made of, its certificate anew.
     *
     * @return the change, for connections that come after it; HTTP/3 is opened or refused by it where it comes or goes
     */
    public Future<Supplier<Future<Void>>> prepare(ListenerConfig next, List<ClientLoop> loops) {
        return tls(next)
                .<Supplier<Future<Void>>>map(ready -> () -> change(ready, loops))
                .recover(failure -> Future.failedFuture(told(failure)));
    }

    private Future<Void> change(Ready ready, List<ClientLoop> loops) {
        listener = ready.listener;
        Acceptor taking = acceptor;
        if (taking != null) {
            taking.change(takers(loops, ready.tls));
        }
        QuicListener datagrams = quic;
        Optional<QuicSslContext> context = ready.tls.flatMap(ListenerTls::quic);
        if (datagrams != null && context.isPresent()) {
            datagrams.change(ready.listener, context.get());
            return Future.succeededFuture();
        }
        if (datagrams != null) {
            quic = null;
            return datagrams.close();
        }
        return bindQuic(loops, ready.tls);
    }

    private List<Acceptor.Taker> takers(List<ClientLoop> loops, Optional<ListenerTls> tls) {
        return loops.stream()
                .<Acceptor.Taker>map(loop -> new ListenerLoop(listener, tls, loop, limiter))
                .toList();
    }

    private Future<Void> bind(List<ClientLoop> loops, Optional<ListenerTls> tls) {
        ServerChannel opening = vertx.transport().serverChannelFactory(false).newChannel();
        opening.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
        opening.config().setOption(ChannelOption.SO_REUSEADDR, true);
        Acceptor taking = new Acceptor(takers(loops, tls));
        opening.pipeline().addLast(taking);
        acceptor = taking;
        channel = opening;
        Promise<Void> bound = Promise.promise();
        vertx.acceptorEventLoopGroup().register(opening).addListener(registered -> {
            if (registered.isSuccess()) {
                complete(opening.bind(socketAddress()), bound);
            } else {
                bound.fail(registered.cause());
            }
        });
        return bound.future();
    }

    private Future<Void> bindQuic(List<ClientLoop> loops, Optional<ListenerTls> tls) {
        Optional<QuicSslContext> context = tls.flatMap(ListenerTls::quic);
        if (context.isEmpty()) {
            return Future.succeededFuture();
        }
        QuicListener opening = new QuicListener(vertx, listener, limiter);
        quic = opening;
        int bound = port();
        return opening.open(bound, loops, context.get())
                .recover(failure -> Future.failedFuture(
                        new ListenException(List.of(sentence(failure, listener.address() + " UDP port " + bound)))));
    }

    static void complete(ChannelFuture netty, Promise<Void> promise) {
        netty.addListener(done -> {
            if (done.isSuccess()) {
                promise.complete();
            } else {
                promise.fail(done.cause());
            }
        });
    }

    private InetSocketAddress socketAddress() {
        return new InetSocketAddress(InetAddress.ofLiteral(listener.address()), listener.port());
    }

    private String sentence(Throwable failure) {
        return sentence(failure, listener.address() + " port " + listener.port());
    }

    private String sentence(Throwable failure, String socket) {
        String words = String.valueOf(failure.getMessage());
        if (words.contains("ermission")) {
            return "The " + listener.scheme() + " listener may not use " + socket
                    + ": ports below 1024 need a permission this program lacks.";
        }
        if (words.contains("assign")) {
            return "The " + listener.scheme() + " listener cannot use " + socket
                    + ": this machine does not have that address.";
        }
        boolean isBusy = failure instanceof BindException || words.contains("in use");
        return isBusy
                ? "The " + listener.scheme() + " listener cannot use " + socket
                        + ": another program is listening there."
                : "The " + listener.scheme() + " listener cannot use " + socket + ": " + words + ".";
    }

    /** The port that is bound; 0 when none is. */
    public int port() {
        ServerChannel open = channel;
        return open != null && open.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    /** What is spoken beside HTTP/1.1, best first, by the names of ALPN (RFC 7301). */
    public List<String> protocols() {
        ListenerConfig opened = listener;
        return opened.isTls()
                ? Stream.of(
                                opened.speaksHttp3() ? Optional.of("h3") : Optional.<String>empty(),
                                opened.speaksHttp2() ? Optional.of("h2") : Optional.<String>empty())
                        .flatMap(Optional::stream)
                        .toList()
                : List.of();
    }

    /** Takes no more connections; those that stand go on. */
    public Future<Void> refuse() {
        QuicListener datagrams = quic;
        if (datagrams != null) {
            datagrams.refuse();
        }
        return closeStreams();
    }

    /** Takes no more connections, and ends those of HTTP/3, which have no sockets of their own. */
    public Future<Void> close() {
        QuicListener datagrams = quic;
        Future<Void> closed = datagrams == null ? Future.succeededFuture() : datagrams.close();
        return closeStreams().transform(streams -> closed);
    }

    private Future<Void> closeStreams() {
        ServerChannel open = channel;
        if (open == null) {
            return Future.succeededFuture();
        }
        Promise<Void> closed = Promise.promise();
        complete(open.close(), closed);
        return closed.future();
    }
}
