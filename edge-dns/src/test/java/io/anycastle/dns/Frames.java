package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.answer.Asking;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import org.xbill.DNS.Message;

/** Queries and answers as a stream carries them, each behind its length. */
final class Frames {
    private Frames() {}

    /** A query for the name's A records, or TXT records when it begins with {@code big}. */
    static byte[] of(int id, String name) {
        Message query = Asking.query(name, name.startsWith("big") ? "TXT" : "A");
        query.getHeader().setID(id & 0xffff);
        return of(query);
    }

    static byte[] of(Message query) {
        byte[] wire = query.toWire();
        return concat(new byte[] {(byte) (wire.length >>> 8), (byte) wire.length}, wire);
    }

    static byte[] concat(byte[] a, byte[] b) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(a);
        both.writeBytes(b);
        return both.toByteArray();
    }

    static Message read(DataInputStream in) throws IOException {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return new Message(message);
    }

    /** Asks once and gets the answer. */
    static Message ask(Socket client, Message query) throws IOException {
        client.getOutputStream().write(of(query));
        Message answer = read(new DataInputStream(client.getInputStream()));
        assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
        return answer;
    }

    static Message ask(Socket client, String name) throws IOException {
        return ask(client, Asking.query(name, "A"));
    }
}
