package io.anycastle.proxy.origin;

import io.anycastle.core.limit.RateLimitedLog;
import io.anycastle.core.model.ClientCertificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JDK's TLS towards origins. One context serves all that believe the same authorities and are shown the same certificate. */
public final class JdkOriginSecurity implements OriginSecurity {
    private static final Logger LOG = LoggerFactory.getLogger(JdkOriginSecurity.class);
    /** How many contexts are kept beside those that serve nearly all. */
    private static final int CONTEXTS_MAX = 256;

    private final SslContext believing =
            build(SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE));
    private final SslContext checking;
    /** For targets that say more; the one used longest ago goes first. */
    private final Map<Wish, SslContext> own = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Wish, SslContext> eldest) {
            return size() > CONTEXTS_MAX;
        }
    };

    private final OriginTrust trust;
    private final SealedKeys keys;
    private final RateLimitedLog told = new RateLimitedLog(LOG, InstantSource.system());

    /** What a context is made for. */
    private record Wish(boolean isChecked, Optional<String> authorities, Optional<ClientCertificate> shown) {}

    private JdkOriginSecurity(OriginTrust trust, SealedKeys keys) {
        this.trust = trust;
        this.keys = keys;
        checking = build(SslContextBuilder.forClient().trustManager(trust));
    }

    /** Believes the system's authorities where a target names none. Reads them, and so may block. */
    public static OriginSecurity ofTheSystem(SealedKeys keys) {
        return new JdkOriginSecurity(OriginTrust.system(), keys);
    }

    /** Believes those of the trust where a target names none, and shows nobody a certificate. */
    static OriginSecurity believing(OriginTrust trust) {
        return new JdkOriginSecurity(trust, SealedKeys.NONE);
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
        if (peer.shown().isEmpty() && (!peer.isChecked() || peer.authorities().isEmpty())) {
            return peer.isChecked() ? checking : believing;
        }
        Wish wish = new Wish(peer.isChecked(), peer.authorities(), peer.shown());
        synchronized (own) {
            SslContext known = own.get(wish);
            if (known == null) {
                known = context(wish);
                own.put(wish, known);
            }
            return known;
        }
    }

    private SslContext context(Wish wish) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (!wish.isChecked()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (wish.authorities().isPresent()) {
            builder.trustManager(OriginTrust.of(wish.authorities().get()));
        } else {
            builder.trustManager(trust);
        }
        if (wish.shown().isPresent()) {
            builder.keyManager(identity(wish.shown().get()));
        }
        return build(builder);
    }

    private OriginIdentity identity(ClientCertificate shown) throws SSLException {
        try {
            return OriginIdentity.of(shown, keys);
        } catch (SSLException e) {
            told.warn(shown.place(), "a zone's certificate for its origins cannot be used: " + e.getMessage());
            throw e;
        }
    }
}
