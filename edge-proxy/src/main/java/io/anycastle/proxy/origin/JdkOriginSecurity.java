package io.anycastle.proxy.origin;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** The JDK's TLS towards origins. One context serves all that believe the same authorities. */
public final class JdkOriginSecurity implements OriginSecurity {
    /** Lists of authorities for which a context is kept. */
    private static final int CONTEXTS_MAX = 256;

    private final SslContext believing =
            build(SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE));
    private final SslContext checking;
    /** By the PEM text of the authorities; the one used longest ago goes first. */
    private final Map<String, SslContext> own = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SslContext> eldest) {
            return size() > CONTEXTS_MAX;
        }
    };

    private JdkOriginSecurity(OriginTrust trust) {
        checking = checking(trust);
    }

    /** Believes the system's authorities where a target names none. Reads them, and so may block. */
    public static OriginSecurity ofTheSystem() {
        return new JdkOriginSecurity(OriginTrust.system());
    }

    /** Believes those of the trust where a target names none. */
    static OriginSecurity believing(OriginTrust trust) {
        return new JdkOriginSecurity(trust);
    }

    private static SslContext checking(TrustManager trust) {
        return build(SslContextBuilder.forClient().trustManager(trust));
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
    public SslHandler to(OriginTarget target, ByteBufAllocator buffers) throws SSLException {
        TlsPeer peer = target.peer().orElseThrow();
        SslHandler handler = context(peer).newHandler(buffers, peer.name(), target.port());
        PeerName.tell(handler.engine(), peer.isChecked());
        return handler;
    }

    private SslContext context(TlsPeer peer) throws SSLException {
        if (!peer.isChecked()) {
            return believing;
        }
        return peer.authorities().isPresent() ? believing(peer.authorities().get()) : checking;
    }

    private SslContext believing(String authorities) throws SSLException {
        synchronized (own) {
            SslContext known = own.get(authorities);
            if (known == null) {
                known = checking(OriginTrust.of(authorities));
                own.put(authorities, known);
            }
            return known;
        }
    }
}
