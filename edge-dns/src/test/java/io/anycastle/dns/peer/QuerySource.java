package io.anycastle.dns.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks one server, one question at a time; its TCP connection is kept as long as the server keeps it. */
final class QuerySource implements AutoCloseable {
    private static final int WAIT_MS = 2_000;
    private static final byte[] SILENCE = {};

    private final InetSocketAddress server;
    private final DatagramSocket udp;
    private @Nullable Socket tcp;

    QuerySource(InetSocketAddress server) throws IOException {
        this.server = server;
        udp = new DatagramSocket();
        udp.connect(server);
        udp.setSoTimeout(WAIT_MS);
    }

    /** The answer's octets. */
    byte[] ask(Question question) throws IOException {
        byte[] query = question.wire();
        byte[] answer = question.tcp() ? overTcp(query, WAIT_MS) : overUdp(query, WAIT_MS);
        if (answer.length == 0) {
            throw new IOException("no answer from " + server);
        }
        return answer;
    }

    /** The answer to whatever octets; none after the wait is silence. */
    byte[] overUdp(byte[] query, int waitMs) throws IOException {
        udp.setSoTimeout(waitMs);
        udp.send(new DatagramPacket(query, query.length));
        DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
        do {
            try {
                udp.receive(answer);
            } catch (SocketTimeoutException e) {
                return SILENCE;
            }
        } while (!isFor(query, answer.getData()));
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    private static boolean isFor(byte[] query, byte[] answer) {
        return query.length < 2 || (answer[0] == query[0] && answer[1] == query[1]);
    }

    private byte[] overTcp(byte[] query, int waitMs) throws IOException {
        Socket kept = tcp;
        if (kept != null) {
            try {
                return exchange(kept, query);
            } catch (IOException e) {
                kept.close();
            }
        }
        Socket socket = new Socket();
        tcp = socket;
        socket.connect(server, waitMs);
        socket.setSoTimeout(waitMs);
        socket.setTcpNoDelay(true);
        return exchange(socket, query);
    }

    private static byte[] exchange(Socket socket, byte[] query) throws IOException {
        byte[] framed = new byte[query.length + 2];
        framed[0] = (byte) (query.length >>> 8);
        framed[1] = (byte) query.length;
        System.arraycopy(query, 0, framed, 2, query.length);
        new DataOutputStream(socket.getOutputStream()).write(framed);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[in.readUnsignedShort()];
        in.readFully(answer);
        return answer;
    }

    @Override
    public void close() throws IOException {
        udp.close();
        Socket kept = tcp;
        if (kept != null) {
            kept.close();
        }
    }
}
