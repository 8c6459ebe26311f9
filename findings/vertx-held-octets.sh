#!/bin/sh
# Expected: a reader that pauses gets the rest when it resumes, also when the server has closed by then: TCP has delivered all of it.
# Instead:  the Vert.x HTTP client drops what it holds for the paused reader when the channel closes; the answer ends with an error
#           in the middle although the server sent all of it. Answers with Content-Length and those that end with the connection alike.
# Here:     DeferredClose lets the end of an origin's connection come behind what was read before it.
set -eu
version=5.2.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<XML
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies><dependency><groupId>io.vertx</groupId><artifactId>vertx-core</artifactId><version>$version</version></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib
cat >Probe.java <<'JAVA'
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

public class Probe {
    static final int BODY = 10_000;

    public static void main(String[] args) throws Exception {
        ServerSocket server = new ServerSocket(0);
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try (Socket socket = server.accept()) {
                byte[] asked = new byte[4096];
                socket.getInputStream().read(asked);
                socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Length: " + BODY + "\r\n\r\n").getBytes());
                socket.getOutputStream().write(new byte[BODY]);
                socket.getOutputStream().flush();
                socket.shutdownOutput();
                while (socket.getInputStream().read(asked) >= 0) {}
            } catch (Exception e) {
                e.printStackTrace();
            }
            closed.complete(null);
        });
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient();
        AtomicLong got = new AtomicLong();
        CompletableFuture<String> end = new CompletableFuture<>();
        CompletableFuture<HttpClientResponse> paused = new CompletableFuture<>();
        client.request(HttpMethod.GET, server.getLocalPort(), "127.0.0.1", "/").compose(request -> request.send())
                .onSuccess(response -> {
                    response.pause();
                    response.handler(octets -> got.addAndGet(octets.length()));
                    response.endHandler(done -> end.complete("whole"));
                    response.exceptionHandler(failure -> end.complete("error"));
                    paused.complete(response);
                });
        HttpClientResponse response = paused.get(10, TimeUnit.SECONDS);
        closed.get(10, TimeUnit.SECONDS); // the client has closed its side too: nobody waits for anything
        vertx.runOnContext(now -> response.resume());
        System.out.println("the reader's answer ends: " + end.get(10, TimeUnit.SECONDS));
        System.out.println("it got all of it: " + (got.get() == BODY));
        System.exit(0);
    }
}
JAVA
seen=$(timeout 60 java -cp 'lib/*' Probe.java 2>/dev/null) || true
echo "Vert.x $version"
echo "$seen"
[ "$seen" = "the reader's answer ends: error
it got all of it: false" ] || { echo "changed"; exit 1; }
