package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * What an invited node asks with.
 *
 * @param key its public key; the sender has proved that it holds the private one (RFC 2986)
 * @param address where its tunnel takes connections
 */
record JoinRequest(String cluster, String invitation, String secret, String id, HostPort address, PublicKey key) {
    private static final int VERSION = 1;

    /** The request as it is sent. */
    static JsonObject json(JoinToken token, String id, HostPort address, KeyPair pair) {
        return new JsonObject()
                .put("v", VERSION)
                .put("cluster", token.cluster())
                .put("invitation", token.id())
                .put("secret", token.secret())
                .put("id", id)
                .put("address", address.toString())
                .put("csr", signed(id, pair));
    }

    private static String signed(String id, KeyPair pair) {
        try {
            var builder = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=" + id), pair.getPublic());
            var signer = new JcaContentSignerBuilder(Keypairs.SIGNATURE).build(pair.getPrivate());
            return Base64.getEncoder().encodeToString(builder.build(signer).getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty when the message is something else, or unproven. */
    static Optional<JoinRequest> parse(JsonObject json) {
        try {
            if (json.getInteger("v") != VERSION || !json.getString("id").matches("[A-Za-z0-9_-]{1,64}")) {
                return Optional.empty();
            }
            return Optional.of(new JoinRequest(
                    json.getString("cluster"),
                    json.getString("invitation"),
                    json.getString("secret"),
                    json.getString("id"),
                    HostPort.parse(json.getString("address")).orElseThrow(),
                    proven(json.getString("csr"))));
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static PublicKey proven(String csr)
            throws IOException, GeneralSecurityException, OperatorCreationException, PKCSException {
        var request = new JcaPKCS10CertificationRequest(Base64.getDecoder().decode(csr));
        PublicKey key = request.getPublicKey();
        if (!Keypairs.isOurKind(key) || !request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
            throw new GeneralSecurityException("the request is not signed with its own key");
        }
        return key;
    }

    @Override
    public String toString() {
        return "JoinRequest[" + id + " at " + address + ", invitation " + invitation + ", secret hidden]";
    }
}
