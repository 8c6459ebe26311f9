package io.anycastle.proxy.origin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/**
 * The host that a TLS handshake names: every one that DNS has, those with an underscore or a hyphen at a label's edge too, which the JDK's
 * own check of names takes for none.
 */
final class PeerName extends SNIServerName {
    private PeerName(String host) {
        super(StandardConstants.SNI_HOST_NAME, host.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Tells an engine whom it speaks to, before its handshake.
     *
     * @param isChecked whether the origin's certificate must be the host's; {@link OriginTrust} checks what the JDK does not
     */
    static void tell(SSLEngine engine, boolean isChecked) {
        String host = engine.getPeerHost();
        if (host == null) {
            return;
        }
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new PeerName(host)));
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
}
