package io.anycastle.proxy.log;

import io.anycastle.core.model.DomainName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a node asks another one for who follows the log of both.
 *
 * @param id the same in all questions for one reader
 * @param isLast whether the reader has left
 */
public record TailQuestion(String id, TailFilter filter, boolean isLast) {
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeUTF(id);
            out.writeUTF(filter.zone().toString());
            out.writeInt(filter.statusMin());
            out.writeInt(filter.statusMax());
            out.writeUTF(filter.path());
            out.writeBoolean(isLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static TailQuestion of(byte[] bytes) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            String id = in.readUTF();
            TailFilter filter = new TailFilter(DomainName.of(in.readUTF()), in.readInt(), in.readInt(), in.readUTF());
            return new TailQuestion(id, filter, in.readBoolean());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
