package io.anycastle.dns.listen;

import io.anycastle.core.tls.OddNameEngine;
import io.anycastle.dns.tls.LiveCertificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's TLS for clients that ask for the server by any name, which chooses nothing here: those who ask by one that the JDK ends the
 * handshake for, with an underscore or with a hyphen at a label's edge, are spoken to by BoringSSL.
 */
class AnyNameTls extends JdkSSLEngineOptions {
    private static final Logger LOG = LoggerFactory.getLogger(AnyNameTls.class);

    private final Optional<SslContext> lenient;

    /** @param lenient BoringSSL's; empty where it cannot be loaded */
    AnyNameTls(Optional<SslContext> lenient) {
        this.lenient = lenient;
    }

    AnyNameTls(AnyNameTls other) {
        super(other);
        lenient = other.lenient;
    }

    /** TLS with that certificate by BoringSSL, for clients of one of these protocols (ALPN) or of none. Blocks. */
    static Optional<SslContext> lenient(LiveCertificate shown, List<String> protocols) {
        if (!OpenSSLEngineOptions.isAvailable()) {
            LOG.info("BoringSSL is not there: handshakes for names with an underscore fail");
            return Optional.empty();
        }
        try {
            return Optional.of(SslContextBuilder.forServer(shown.keys())
                    .sslProvider(SslProvider.OPENSSL)
                    .protocols(Listeners.TLS_VERSIONS)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            protocols))
                    .build());
        } catch (SSLException e) {
            LOG.warn("BoringSSL cannot use the certificate: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Vert.x copies what it is given. */
    @Override
    public AnyNameTls copy() {
        return new AnyNameTls(this);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                return new ByName(super.create());
            }
        };
    }

    /** One connection's TLS. */
    SslHandler handler(SSLEngine engine, boolean startTls, Executor tasks) {
        return new Chosen(engine, startTls, tasks);
    }

    /** Makes handlers whose engine is chosen by the client's first message. */
    private final class ByName extends DelegatingSslContext {
        ByName(SslContext strict) {
            super(strict);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            // As the strict context made it.
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor tasks) {
            return handler(chosen(newEngine(allocator), allocator), startTls, tasks);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls, Executor tasks) {
            return handler(chosen(newEngine(allocator, peerHost, peerPort), allocator), startTls, tasks);
        }

        private SSLEngine chosen(SSLEngine strict, ByteBufAllocator allocator) {
            return lenient.<SSLEngine>map(context -> new OddNameEngine(strict, () -> context.newEngine(allocator)))
                    .orElse(strict);
        }
    }

    /** Netty asks for the protocol only engines of its own. */
    static class Chosen extends SslHandler {
        Chosen(SSLEngine engine, boolean startTls, Executor tasks) {
            super(engine, startTls, tasks);
        }

        @Override
        public @Nullable String applicationProtocol() {
            String protocol = engine().getApplicationProtocol();
            return protocol == null || protocol.isEmpty() ? null : protocol;
        }
    }
}
