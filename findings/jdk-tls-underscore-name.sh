#!/bin/sh
# Wants openssl beside Maven and the JDK.
# Expected: a TLS server with one certificate shows it whatever name the client asks for; names with an underscore, or a hyphen at a
#           label's edge, resolve in DNS, and clients ask for them.
# Instead:  the JDK's server ends the handshake.
# Here:     OddNameTls has BoringSSL speak TLS with visitors that ask for such a name.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >Probe.java <<'JAVA'
import java.io.FileInputStream;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

public class Probe {
    public static void main(String[] args) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream("key.p12"), "secret".toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
        for (String name : new String[] {"www.example.test", "a_b.example.test", "a-.example.test"}) {
            Process client = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + server.getLocalPort(), "-servername", name)
                    .redirectErrorStream(true).redirectInput(new java.io.File("/dev/null")).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            String end = "shaken";
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
            } catch (javax.net.ssl.SSLException e) {
                end = "ended by the server";
            }
            client.waitFor();
            System.out.println(name + ": " + end);
        }
    }
}
JAVA
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=example.test 2>/dev/null
openssl pkcs12 -export -inkey key.pem -in cert.pem -out key.p12 -passout pass:secret
seen=$(java Probe.java)
java -version 2>&1 | sed -n 2p
echo "$seen"
[ "$seen" = "www.example.test: shaken
a_b.example.test: ended by the server
a-.example.test: ended by the server" ] || { echo "changed"; exit 1; }
