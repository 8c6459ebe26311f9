package io.anycastle.core.resolve;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on loopback, over UDP and TCP, that answers what it was told to. */
public final class NameServer implements AutoCloseable {
    private static final int UDP_OCTETS_MAX = 1232;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<String>> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> rcodes = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final List<DatagramPacket> unsent = new ArrayList<>();

    /** Guarded by those that are unsent. */
    private boolean isSilent;

    public NameServer() throws IOException {
        Sockets sockets = Sockets.open();
        tcp = sockets.tcp;
        udp = sockets.udp;
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    /** Both at one port. */
    private record Sockets(ServerSocket tcp, DatagramSocket udp) {
        static Sockets open() throws IOException {
            InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
            while (true) {
                ServerSocket tcp = new ServerSocket(0, 50, loopback);
                try {
                    return new Sockets(tcp, new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort())));
                } catch (BindException e) {
                    tcp.close(); // somebody has it for UDP: another one
                }
            }
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    @Override
    public String toString() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    public int questions() {
        return questions.get();
    }

    /** @param lines of the answer section in master form; a line that starts with {@code !} goes to the authority section */
    public NameServer answers(String name, String type, String... lines) {
        answers.put(name + " " + type, List.of(lines));
        return this;
    }

    public NameServer fails(String name, int rcode) {
        rcodes.put(name, rcode);
        return this;
    }

    /** Keeps what it would answer over UDP, until it speaks again. */
    public void silence() {
        synchronized (unsent) {
            isSilent = true;
        }
    }

    /** Sends what it has kept, and is silent again. */
    public void answerKept() {
        synchronized (unsent) {
            for (DatagramPacket answer : unsent) {
                try {
                    udp.send(answer);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            unsent.clear();
        }
    }

    /** Sends what it has kept, and answers again. */
    public void speak() {
        synchronized (unsent) {
            isSilent = false;
            answerKept();
        }
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Message answer = answer(new Message(Arrays.copyOf(buffer, packet.getLength())));
                byte[] wire = answer.toWire(UDP_OCTETS_MAX);
                send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void send(DatagramPacket answer) throws IOException {
        synchronized (unsent) {
            questions.incrementAndGet(); // who waits for it finds the answer kept or sent
            if (isSilent) {
                unsent.add(answer);
            } else {
                udp.send(answer);
            }
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] wire = answer(new Message(in.readNBytes(in.readUnsignedShort())))
                            .toWire();
                    questions.incrementAndGet();
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(wire.length);
                    out.write(wire);
                }
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private Message answer(Message question) throws IOException {
        Record asked = question.getQuestion();
        String name = asked.getName().toString(true);
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(asked, Section.QUESTION);
        List<String> lines = answers.get(name + " " + Type.string(asked.getType()));
        if (lines == null) {
            boolean isKnown = answers.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
            answer.getHeader().setRcode(rcodes.getOrDefault(name, isKnown ? Rcode.NOERROR : Rcode.NXDOMAIN));
            answer.addRecord(record("net. 900 SOA ns.net. mail.net. 1 2 3 4 20"), Section.AUTHORITY);
            return answer;
        }
        for (String line : lines) {
            boolean isAuthority = line.startsWith("!");
            answer.addRecord(
                    record(isAuthority ? line.substring(1) : line), isAuthority ? Section.AUTHORITY : Section.ANSWER);
        }
        return answer;
    }

    private static Record record(String line) throws IOException {
        String[] words = line.split(" ", 4);
        return Record.fromString(
                Name.fromString(words[0], Name.root),
                Type.value(words[2]),
                DClass.IN,
                Long.parseLong(words[1]),
                words[3],
                Name.root);
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
