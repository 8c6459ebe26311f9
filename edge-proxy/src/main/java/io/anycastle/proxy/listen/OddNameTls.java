package io.anycastle.proxy.listen;

import io.anycastle.core.tls.OddNameEngine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * TLS with visitors by the JDK, and by BoringSSL for those who ask for a host by a name that the JDK ends the handshake for: one with an
 * underscore, or with a hyphen at a label's edge. BoringSSL for all would cost the half-close that the JDK has: Netty's engine of it ends
 * both directions at once.
 */
final class OddNameTls extends JdkSSLEngineOptions {
    private final Supplier<Optional<SslContext>> lenient;

    /** @param lenient BoringSSL's, once it is there; empty where it cannot be loaded */
    OddNameTls(Supplier<Optional<SslContext>> lenient) {
        this.lenient = lenient;
    }

    private OddNameTls(OddNameTls other) {
        super(other);
        lenient = other.lenient;
    }

    /** Vert.x copies what it is given. */
    @Override
    public OddNameTls copy() {
        return new OddNameTls(this);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                return new Choosing(super.create());
            }
        };
    }

    /** Makes handlers whose engine is chosen by the client's first message. */
    private final class Choosing extends DelegatingSslContext {
        Choosing(SslContext strict) {
            super(strict);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            // As the strict context made it.
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor tasks) {
            return new SslHandler(chosen(newEngine(allocator), allocator), startTls, tasks);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls, Executor tasks) {
            return new SslHandler(chosen(newEngine(allocator, peerHost, peerPort), allocator), startTls, tasks);
        }

        private SSLEngine chosen(SSLEngine strict, ByteBufAllocator allocator) {
            return lenient.get()
                    .<SSLEngine>map(context -> new OddNameEngine(strict, () -> context.newEngine(allocator)))
                    .orElse(strict);
        }
    }
}
