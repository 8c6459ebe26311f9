package io.anycastle.proxy.wire;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads brotli and gives each octet as soon as it can be known; the library's own stream waits for more. */
final class BrInput extends InputStream {
    private final InputStream from;
    private final DecoderJNI.Wrapper brotli = new DecoderJNI.Wrapper(64);
    private ByteBuffer plain = ByteBuffer.allocate(0);

    BrInput(InputStream from) throws IOException {
        this.from = from;
    }

    @Override
    public int read() throws IOException {
        while (!plain.hasRemaining()) {
            if (brotli.hasOutput()) {
                plain = brotli.pull();
                continue;
            }
            switch (brotli.getStatus()) {
                case OK, NEEDS_MORE_OUTPUT -> brotli.push(0);
                case NEEDS_MORE_INPUT -> feed();
                case DONE -> {
                    return -1;
                }
                case ERROR -> throw new IOException("this is no brotli");
            }
        }
        return plain.get() & 0xFF;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        int octet = length == 0 ? 0 : read();
        if (length > 0 && octet >= 0) {
            to[from] = (byte) octet;
        }
        return octet < 0 ? -1 : Math.min(1, length);
    }

    private void feed() throws IOException {
        int octet = from.read();
        if (octet < 0) {
            throw new EOFException("brotli ends early");
        }
        brotli.getInputBuffer().clear().put((byte) octet);
        brotli.push(1);
    }

    @Override
    public void close() throws IOException {
        brotli.destroy();
        from.close();
    }
}
