package io.anycastle.proxy.origin;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/**
 * The JDK's TLS towards origins, which names every host that DNS has in its handshake: those with an underscore or a hyphen at a label's
 * edge too, which the JDK's own check of names takes for none. One context serves all names.
 */
final class OriginTls extends JdkSSLEngineOptions {
    private final boolean isChecked;

    /**
     * @param isChecked whether the origin's certificate must be the host's; {@link OriginTrust} checks what the JDK does not
     */
    OriginTls(boolean isChecked) {
        this.isChecked = isChecked;
    }

    private OriginTls(OriginTls other) {
        super(other);
        isChecked = other.isChecked;
    }

    /** Vert.x copies what it is given. */
    @Override
    public OriginTls copy() {
        return new OriginTls(this);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                return new NamingContext(super.create());
            }
        };
    }

    /** Before the handshake. */
    static void name(SSLEngine engine, boolean isChecked) {
        String host = engine.getPeerHost();
        if (host == null) {
            return;
        }
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new HostName(host)));
        if (isChecked && isHostForTheJdk(host)) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
    }

    private static boolean isHostForTheJdk(String host) {
        try {
            return new SNIHostName(host).getType() == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A host's name, whatever characters it has. */
    private static final class HostName extends SNIServerName {
        HostName(String host) {
            super(StandardConstants.SNI_HOST_NAME, host.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Makes engines that know whom they speak to. */
    private final class NamingContext extends DelegatingSslContext {
        NamingContext(SslContext named) {
            super(named);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            name(engine, isChecked);
        }
    }
}
