package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.DomainName;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Names outside our zones, asked of a name server on loopback. */
class SystemResolverTest {
    private final AtomicInteger questions = new AtomicInteger();
    private DatagramSocket server;

    @BeforeEach
    void start() throws Exception {
        server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                server.receive(packet);
                Message question = new Message(Arrays.copyOf(buffer, packet.getLength()));
                questions.incrementAndGet();
                byte[] answer = answer(question).toWire();
                server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (java.io.IOException e) {
            // The test is over.
        }
    }

    private static Message answer(Message question) throws java.io.IOException {
        Record asked = question.getQuestion();
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(org.xbill.DNS.Flags.QR);
        answer.addRecord(asked, Section.QUESTION);
        String name = asked.getName().toString();
        if (name.equals("web.example.net.")) {
            answer.addRecord(line(asked.getName(), Type.CNAME, "real.example.net."), Section.ANSWER);
            add(answer, Name.fromString("real.example.net."), asked.getType());
        } else if (name.equals("real.example.net.")) {
            add(answer, asked.getName(), asked.getType());
        } else {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        return answer;
    }

    private static void add(Message answer, Name name, int type) throws java.io.IOException {
        if (type == Type.A || type == Type.AAAA) {
            answer.addRecord(line(name, type, type == Type.A ? "192.0.2.1" : "2001:db8::1"), Section.ANSWER);
        }
    }

    private static Record line(Name name, int type, String data) throws java.io.IOException {
        return Record.fromString(name, type, org.xbill.DNS.DClass.IN, 300, data, Name.root);
    }

    private SystemResolver resolver(Duration timeout) throws Exception {
        return new SystemResolver(List.of((InetSocketAddress) server.getLocalSocketAddress()), timeout);
    }

    private static List<InetAddress> ask(SystemResolver resolver, String name) throws Exception {
        return resolver.resolve(DomainName.of(name)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void both_families_are_found_through_an_alias_and_kept_for_their_ttl() throws Exception {
        SystemResolver resolver = resolver(Duration.ofSeconds(5));

        assertThat(ask(resolver, "web.example.net"))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        int asked = questions.get();
        ask(resolver, "web.example.net");
        assertThat(questions).hasValue(asked);
    }

    @Test
    void a_name_without_an_address_fails() throws Exception {
        SystemResolver resolver = resolver(Duration.ofSeconds(5));

        assertThatThrownBy(() -> ask(resolver, "gone.example.net"))
                .hasRootCauseMessage("gone.example.net has no address");
    }

    @Test
    void a_server_that_does_not_answer_fails_in_time() throws Exception {
        SystemResolver resolver = resolver(Duration.ofMillis(200));
        server.close();

        assertThatThrownBy(() -> ask(resolver, "web.example.net")).hasMessageContaining("no address");
    }
}
