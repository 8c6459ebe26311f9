package io.anycastle.dns;

import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.tls.CertificateFiles;
import io.anycastle.dns.tls.TestCertificate;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The zone example.com, services that answer from it with a certificate of their own, and the sockets of their clients. */
final class ServedZone implements AutoCloseable {
    private final CurrentView view = new CurrentView();
    private final Vertx vertx = Vertx.vertx();
    private final TestCertificate certificate = TestCertificate.any();
    private final List<Socket> sockets = new ArrayList<>();
    private final CertificateFiles files;

    /** @param folder where the certificate is written to */
    ServedZone(Path folder, String records) throws Exception {
        var zone = ZoneText.active("example.com", records);
        view.update(zone, zone.names().keySet());
        files = new CertificateFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        certificate.write(files);
    }

    Vertx vertx() {
        return vertx;
    }

    TestCertificate certificate() {
        return certificate;
    }

    CertificateFiles files() {
        return files;
    }

    DnsService start(DnsConfig config) throws Exception {
        return DnsService.start(vertx, config, view).await(20, TimeUnit.SECONDS);
    }

    /** The socket, which is closed with all others. */
    <S extends Socket> S held(S socket) {
        sockets.add(socket);
        return socket;
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        try {
            vertx.close().await(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IOException("Vert.x did not end in time", e);
        }
    }
}
