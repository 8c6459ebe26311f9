#!/bin/sh
# Expected: a connection lives as long as somebody uses it, whatever becomes of the client that made it.
# Instead:  Vert.x closes the client, and all of its connections with it, once nobody refers to the client object any more, although
#           the socket is referred to and has handlers. It looks like a peer that closes for no reason, at the next collection.
# Here:     TunnelWarmUp and all that makes clients hold them until the last connection has ended.
set -eu
version=5.2.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<XML
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies><dependency><groupId>io.vertx</groupId><artifactId>vertx-core</artifactId><version>$version</version></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >&2
cat >Probe.java <<'JAVA'
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

public class Probe {
    static NetSocket connect(Vertx vertx, int port, NetClient[] held) {
        NetClient client = vertx.createNetClient();
        held[0] = client;
        return client.connect(port, "127.0.0.1").await();
    }

    static boolean isClosedByCollection(Vertx vertx, int port, boolean isHeld) throws Exception {
        NetClient[] held = new NetClient[1];
        NetSocket socket = connect(vertx, port, held);
        if (!isHeld) {
            held[0] = null;
        }
        CountDownLatch closed = new CountDownLatch(1);
        socket.closeHandler(done -> closed.countDown());
        boolean gone = false;
        for (int i = 0; i < 20 && !gone; i++) {
            System.gc();
            gone = closed.await(100, TimeUnit.MILLISECONDS);
        }
        if (held[0] != null) {
            held[0].close().await();
        }
        return gone;
    }

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        int port = vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1").await().actualPort();
        System.out.println("client referred to, socket closed: " + isClosedByCollection(vertx, port, true));
        System.out.println("client forgotten, socket closed: " + isClosedByCollection(vertx, port, false));
        System.exit(0);
    }
}
JAVA
seen=$(java -cp 'lib/*' Probe.java 2>/dev/null)
echo "Vert.x $version"
echo "$seen"
[ "$seen" = "client referred to, socket closed: false
client forgotten, socket closed: true" ] || { echo "changed"; exit 1; }
