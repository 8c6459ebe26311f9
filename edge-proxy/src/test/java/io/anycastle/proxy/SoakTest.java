package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.wire.Http2Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of clients and of origins at the same time, for long: nobody else notices, and nothing is left of them. */
class SoakTest {
    private static final int FAULTY = 6;
    private static final String HOST = "a.example.com";
    private static final long PAUSE_NANOS = 10_000_000;
    private static final int ANSWERS_MIN = 100;

    private volatile boolean isOver;

    @Test
    void faults_on_both_sides_for_minutes_leave_nothing_behind() throws Exception {
        soak(Duration.ofMinutes(2));
    }

    @Tag("long")
    @Test
    void faults_on_both_sides_for_an_hour_leave_nothing_behind() throws Exception {
        soak(Duration.ofHours(1));
    }

    private void soak(Duration time) throws Exception {
        try (var origin = new FaultyOrigin();
                var edge = EdgeProcess.watchingBuffers(origin.port())) {
            long listeners = edge.sockets();
            FaultyClients clients = new FaultyClients(edge);
            disturb(edge, clients, time);
            origin.leave();

            assertThat(clients.done()).hasSize(2 * FaultyClients.Fault.values().length);
            assertThat(origin.asked()).containsKeys(FaultyOrigin.FAULTS.toArray(String[]::new));
            assertThat(origin.asked()).containsKeys(FaultyOrigin.SOCKETS.toArray(String[]::new));
            awaitNumber(edge::connections, 0);
            awaitNumber(edge::sockets, listeners);
            edge.tellOfLostBuffers();
            assertThat(edge.log()).noneMatch(SoakTest::isTrouble);
            // And trouble would have been told.
            edge.loseBuffer();
            edge.tellOfLostBuffers();
            edge.tellOfLostBuffers();
            assertThat(edge.log()).anyMatch(SoakTest::isTrouble);
        }
    }

    private static boolean isTrouble(String line) {
        return line.contains("LEAK")
                || line.contains("ERROR")
                || line.contains("SEVERE")
                || line.contains("Exception")
                || line.startsWith("\tat ");
    }

    /** Until the time is over, or one of those that do everything right was let down. */
    private void disturb(EdgeProcess edge, FaultyClients clients, Duration time) throws Exception {
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> faulty = IntStream.range(0, FAULTY)
                    .<Future<?>>mapToObj(seed -> all.submit(() -> goWrong(clients, new Random(seed))))
                    .toList();
            List<Future<Integer>> right = new ArrayList<>();
            for (boolean isTls : new boolean[] {false, true}) {
                right.add(all.submit(() -> askOverHttp1(edge, isTls)));
                right.add(all.submit(() -> askOverHttp2(edge, isTls)));
            }
            awaitEnd(right, time);
            for (Future<Integer> answers : right) {
                assertThat(answers.get(1, TimeUnit.MINUTES)).isGreaterThan(ANSWERS_MIN);
            }
            for (Future<?> each : faulty) {
                each.get(1, TimeUnit.MINUTES);
            }
        }
    }

    private void awaitEnd(List<Future<Integer>> right, Duration time) throws Exception {
        try {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end && right.stream().noneMatch(Future::isDone)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            for (Future<Integer> early : right.stream().filter(Future::isDone).toList()) {
                early.get();
            }
        } finally {
            isOver = true;
        }
    }

    private Void goWrong(FaultyClients clients, Random random) throws Exception {
        while (!isOver) {
            try {
                clients.once(random);
            } catch (IOException e) {
                // The edge cut it off, as it may.
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return null;
    }

    private Integer askOverHttp1(EdgeProcess edge, boolean isTls) throws Exception {
        int answers = 0;
        try (RawClient client = isTls
                ? new RawClient(TestCertificate.socket(edge.tlsPort(), HOST, "http/1.1"))
                : new RawClient(edge.plainPort())) {
            while (!isOver) {
                String path = "/ok/" + answers++;
                RawClient.Answer got = client.get(HOST, path);
                assertThat(got.status()).as(got.text()).isEqualTo(200);
                assertThat(got.text()).isEqualTo(FaultyOrigin.content(path));
                client.send("POST " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: " + path.length()
                        + "\r\n\r\n" + path);
                assertThat(client.read().text()).isEqualTo(path);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return answers;
    }

    private Integer askOverHttp2(EdgeProcess edge, boolean isTls) throws Exception {
        int answers = 0;
        try (Http2Client client = new Http2Client(
                isTls
                        ? TestCertificate.socket(edge.tlsPort(), HOST, "h2")
                        : new RawClient(edge.plainPort()).socket())) {
            while (!isOver) {
                String path = "/ok/" + answers++;
                assertThat(answer(client.get(path))).isEqualTo(FaultyOrigin.content(path));
                Http2Client.Stream post = client.open(false, Http2Client.head("POST", path));
                post.data(path.getBytes(StandardCharsets.US_ASCII), true);
                assertThat(answer(post)).isEqualTo(path);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return answers;
    }

    private static String answer(Http2Client.Stream stream) throws IOException {
        assertThat(stream.next().fields()).contains(":status: 200");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean isEnd = false;
        while (!isEnd) {
            Http2Client.Said said = stream.next();
            assertThat(said.type()).as(said.toString()).isEqualTo(Http2Client.DATA);
            body.writeBytes(said.data());
            stream.took(said.data().length);
            isEnd = said.isEnd();
        }
        return body.toString(StandardCharsets.US_ASCII);
    }

    private static void awaitNumber(Callable<Long> told, long number) {
        Await.until(() -> {
            try {
                return told.call() == number;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }
}
