package io.anycastle.proxy.origin;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/** The JDK's TLS towards origins. One context serves all of them. */
public final class JdkOriginSecurity implements OriginSecurity {
    private final SslContext context;
    private final boolean isChecked;

    private JdkOriginSecurity(SslContext context, boolean isChecked) {
        this.context = context;
        this.isChecked = isChecked;
    }

    /** What the mode asks for. Reads the system's authorities where it checks certificates, and so may block. */
    public static OriginSecurity of(TlsMode mode) {
        return mode == TlsMode.STRICT ? checking(OriginTrust.system()) : believingAll();
    }

    /** Takes only certificates that the trust takes for the target's. */
    static OriginSecurity checking(OriginTrust trust) {
        return new JdkOriginSecurity(build(SslContextBuilder.forClient().trustManager(trust)), true);
    }

    private static OriginSecurity believingAll() {
        return new JdkOriginSecurity(
                build(SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE)), false);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.sslProvider(SslProvider.JDK)
                    .endpointIdentificationAlgorithm(null) // the name sets it where the JDK can check it
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    @Override
    public SslHandler to(OriginTarget target, ByteBufAllocator buffers) {
        SslHandler handler = context.newHandler(buffers, target.serverName(), target.port());
        PeerName.tell(handler.engine(), isChecked);
        return handler;
    }
}
