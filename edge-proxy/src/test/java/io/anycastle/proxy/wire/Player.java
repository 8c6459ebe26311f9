package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Plays a case: one thread says and hears in the table's order, so that what is to come at once must come before what is said next. */
final class Player implements AutoCloseable {
    /** The lines that the edge adds to every message, which the table leaves out; one case tells them all. */
    private static final List<Pattern> EDGES_OWN = List.of(
            Pattern.compile("host: a\\.example\\.com"),
            Pattern.compile("connection: keep-alive", Pattern.CASE_INSENSITIVE),
            Pattern.compile("x-forwarded-for: 127\\.0\\.0\\.1"),
            Pattern.compile("x-forwarded-proto: https?"),
            Pattern.compile("cf-connecting-ip: 127\\.0\\.0\\.1"),
            Pattern.compile("cf-visitor: \\{\"scheme\":\"https?\"}"),
            Pattern.compile("cf-ray: [0-9a-f]{16}-TST"),
            Pattern.compile("cdn-loop: anycastle"),
            Pattern.compile("accept-encoding: gzip, br"),
            Pattern.compile("server: anycastle"),
            Pattern.compile("cf-cache-status: DYNAMIC"),
            Pattern.compile("alt-svc: h3=\":443\"; ma=86400"),
            Pattern.compile("date: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} 20\\d\\d \\d\\d:\\d\\d:\\d\\d GMT"));

    private static final Pattern HEAD = Pattern.compile("^(HTTP/1\\.[01] \\d{3}|[A-Z]+ \\S+ HTTP/1\\.1\r\n)");
    /** What pages of the edge say beside their status is told elsewhere. */
    private static final String ANYTHING = "...";

    private static final int DRIBBLED_MAX = 1000;

    private final Ends ends;
    private final TreeMap<String, Talker> talkers = new TreeMap<>();

    private final boolean isDribbling;

    /**
     * @param isDribbling whether each octet is sent for itself, for as long as a message is short
     */
    Player(Ends ends, boolean isDribbling) {
        this.ends = ends;
        this.isDribbling = isDribbling;
    }

    void play(Case played) throws Exception {
        for (Case.Step step : played.steps()) {
            try {
                play(step);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("at " + step, e);
            }
        }
    }

    private void play(Case.Step step) throws Exception {
        if (step.sign() == '=') {
            assertThat(ends.originConnections()).isEqualTo(Integer.parseInt(step.text()));
        } else if (step.sign() == '>') {
            talker(step).say(step.text());
        } else {
            hear(talker(step), step.text());
        }
    }

    private Talker talker(Case.Step step) throws IOException {
        String name = step.end() + "" + step.number();
        Talker talker = talkers.get(name);
        if (talker == null) {
            talker = new Talker(step.end() == 'V' ? ends.visitor() : ends.origin(), isDribbling);
            talkers.put(name, talker);
        }
        return talker;
    }

    private static void hear(Talker talker, String expected) throws IOException {
        switch (expected) {
            case "END" -> assertThat(talker.in.read()).isEqualTo(-1);
            case "GONE" -> assertThat(isGone(talker)).isTrue();
            default -> hearOctets(talker, expected);
        }
    }

    private static boolean isGone(Talker talker) {
        try {
            while (talker.in.read() >= 0) {
                // what was said before it went
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void hearOctets(Talker talker, String expected) throws IOException {
        String left = expected;
        while (HEAD.matcher(left).find()) {
            String head = talker.head();
            int end = left.indexOf("\r\n\r\n") + 4;
            if (left.startsWith(ANYTHING, end)) {
                assertThat(head).startsWith(left.substring(0, end - 4));
                return;
            }
            assertThat(settled(head)).isEqualTo(settled(left.substring(0, end)));
            left = left.substring(end);
        }
        String heard = new String(talker.in.readNBytes(left.length()), StandardCharsets.ISO_8859_1);
        if (!heard.equals(left)) {
            assertThat(heard.length()).isEqualTo(left.length());
            assertThat(heard).isEqualTo(left);
        }
    }

    /** Names in lower case, in the order of the alphabet, and without the edge's own lines. */
    private static String settled(String head) {
        List<String> lines = new ArrayList<>();
        String[] split = head.strip().split("\r\n");
        for (int i = 1; i < split.length; i++) {
            int colon = split[i].indexOf(':');
            String line = split[i].substring(0, colon).toLowerCase(Locale.ROOT) + split[i].substring(colon);
            boolean isOwn = EDGES_OWN.stream().anyMatch(own -> own.matcher(line).matches());
            if (!isOwn) {
                lines.add(line);
            }
        }
        lines.sort(null);
        lines.addFirst(split[0]);
        return String.join("\n", lines);
    }

    @Override
    public void close() throws IOException {
        for (Talker talker : talkers.values()) {
            talker.socket.close();
        }
    }

    /** One connection; what it says goes out on a thread of its own, as fast as it is taken. */
    private static final class Talker {
        private final Socket socket;
        private final InputStream in;
        private final boolean isDribbling;
        private Thread saying = Thread.ofVirtual().unstarted(() -> {});

        Talker(Socket socket, boolean isDribbling) throws IOException {
            this.socket = socket;
            this.isDribbling = isDribbling;
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            saying.start();
        }

        void say(String what) throws IOException {
            Thread before = saying;
            saying = Thread.ofVirtual().start(() -> {
                try {
                    before.join();
                    sayNow(what);
                } catch (IOException | InterruptedException e) {
                    // the other side has heard enough; what it answers is compared
                }
            });
            if (what.equals("CLOSED")) {
                await(saying);
            }
        }

        private static void await(Thread ending) throws IOException {
            try {
                ending.join();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private void sayNow(String what) throws IOException {
            switch (what) {
                case "END" -> socket.shutdownOutput();
                case "CLOSE", "CLOSED" -> socket.close();
                case "RESET" -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
                default -> write(what.getBytes(StandardCharsets.ISO_8859_1));
            }
        }

        private void write(byte[] octets) throws IOException {
            if (!isDribbling || octets.length > DRIBBLED_MAX) {
                socket.getOutputStream().write(octets);
                return;
            }
            for (byte octet : octets) {
                socket.getOutputStream().write(octet);
            }
        }

        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    throw new java.io.EOFException("after '" + head + "'");
                }
                head.append((char) b);
            }
            return head.toString();
        }
    }
}
