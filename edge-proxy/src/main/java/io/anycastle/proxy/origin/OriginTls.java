package io.anycastle.proxy.origin;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.net.KeyCertOptions;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** What TLS with origins goes by, for clients of other kinds than the proxy's own. Reads the system's authorities once; any thread that may block. */
public final class OriginTls {
    private final SealedKeys keys;

    public OriginTls(SealedKeys keys) {
        this.keys = keys;
    }

    /**
     * Whom to believe to be the peer. It checks the name as well, by the host that the engine was told.
     *
     * @throws SSLException when the peer's own authorities are none
     */
    public TrustManager trust(TlsPeer peer) throws SSLException {
        if (!peer.isChecked()) {
            return InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0];
        }
        return peer.authorities().isPresent()
                ? OriginTrust.of(peer.authorities().get())
                : OriginTrust.system();
    }

    /** What to show the peer where it asks for a certificate. */
    public Optional<KeyCertOptions> identity(TlsPeer peer) throws SSLException {
        return peer.shown().isEmpty()
                ? Optional.empty()
                : Optional.of(KeyCertOptions.wrap(OriginIdentity.of(peer.shown().get(), keys)));
    }
}
