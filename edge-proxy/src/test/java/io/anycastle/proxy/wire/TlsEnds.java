package io.anycastle.proxy.wire;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 in TLS to visitors, and without to origins. */
final class TlsEnds extends PlainEnds {
    private @Nullable TestCertificate certificate;

    TlsEnds(List<String> settings, int waitSeconds) throws Exception {
        super(settings, waitSeconds);
    }

    @Override
    void prepare(Edge beforeStart) throws Exception {
        TestCertificate made = TestCertificate.create("a.example.com");
        certificate = made;
        beforeStart.tls(OriginTlsMode.FLEXIBLE).listeners(made.listener());
    }

    @Override
    public Socket visitor() throws IOException {
        try {
            return patient(Objects.requireNonNull(certificate)
                    .client(port(), "a.example.com")
                    .socket());
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        Objects.requireNonNull(certificate).close();
    }
}
