package io.anycastle.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.internal.tcnative.SSL;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one TLS connection in BoringSSL: octets in, octets out, no socket. What it reads from and writes to is lent to it for
 * each call. All buffers are direct. Belongs to its event loop.
 */
final class NativeTls {
    /** For alerts, tickets and key updates that come up while something is read; more of a handshake waits until it can be sent. */
    private static final int ASIDE = 512;

    private static final int RECORD_MAX = 16 * 1024;

    /** What a record has beside its content, in any cipher; and then some. */
    private static final int OVERHEAD = 128;

    private static final int FLIGHT = 4 * 1024;
    private static final int FLIGHTS_MAX = 64;

    /** A smaller piece is copied together with others into one record. */
    private static final int ALONE_MIN = 4 * 1024;

    /** What is encrypted at once into one buffer. */
    private static final int OUTPUT_MAX = 64 * 1024;

    private static final FastThreadLocal<ByteBuf> GATHERED = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.directBuffer(RECORD_MAX, RECORD_MAX);
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
            buffer.release();
        }
    };

    private final NativeTlsContext context;
    private final ByteBufAllocator buffers;
    private final long ssl;
    private final long bio;
    private boolean isInputEnded;

    NativeTls(NativeTlsContext context, ByteBufAllocator buffers) {
        this.context = context;
        this.buffers = buffers;
        context.retain();
        ssl = context.session();
        bio = SSL.bioNewByteBuffer(ssl, ASIDE);
    }

    /** Must be called once, after everything else. */
    void free() {
        SSL.freeSSL(ssl); // and what it reads from and writes to
        context.release();
    }

    // ---- handshake

    /**
     * Takes octets for the handshake, as many as it wants.
     *
     * @param answer takes what goes to the client, also when the handshake fails
     * @return whether it is complete; then what is left of the octets is for {@link #decrypt}
     */
    boolean shake(ByteBuf octets, Consumer<ByteBuf> answer) throws SSLException {
        for (int round = 0; round < FLIGHTS_MAX; round++) {
            lend(octets);
            int wanted = goOn();
            takeBack(octets);
            String error = isFailure(wanted) ? error() : "";
            wanted = sendAside(wanted, answer);
            if (wanted == SSL.SSL_ERROR_NONE) {
                return true;
            }
            if (isFailure(wanted)) {
                throw new SSLException(error.isEmpty() ? error() : error);
            }
            if (!octets.isReadable()) {
                return false;
            }
        }
        throw new SSLException("the handshake does not end");
    }

    private int goOn() {
        int result = SSL.doHandshake(ssl);
        return result == 1 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, result);
    }

    private static boolean isFailure(int wanted) {
        return wanted != SSL.SSL_ERROR_NONE && wanted != SSL.SSL_ERROR_WANT_READ && wanted != SSL.SSL_ERROR_WANT_WRITE;
    }

    /** Hands over what BoringSSL has to send; as long as it wants to send more, lets the handshake go on. */
    private int sendAside(int wanted, Consumer<ByteBuf> answer) {
        int now = wanted;
        for (int round = 0; round < FLIGHTS_MAX; round++) {
            if (now != SSL.SSL_ERROR_WANT_WRITE && SSL.bioLengthNonApplication(bio) == 0) {
                break;
            }
            ByteBuf flight = buffers.directBuffer(FLIGHT, FLIGHT);
            lendSpace(flight);
            SSL.bioFlushByteBuffer(bio);
            if (now == SSL.SSL_ERROR_WANT_WRITE) {
                now = goOn();
            }
            takeBackSpace(flight);
            answer.accept(flight);
        }
        return now;
    }

    /** What the handshake has agreed on; once it is complete. */
    TlsSession session() {
        return new TlsSession(
                SSL.getVersion(ssl),
                absent(SSL.getSniHostname(ssl)),
                absent(SSL.getAlpnSelected(ssl)),
                SSL.isSessionReused(ssl));
    }

    private static @Nullable String absent(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    // ---- records

    /**
     * What the records hold that have come whole with these octets.
     *
     * @param answer takes what goes to the client because of them, also when they are wrong
     */
    ByteBuf decrypt(ByteBuf octets, Consumer<ByteBuf> answer) throws SSLException {
        ByteBuf plain = buffers.directBuffer(Math.max(octets.readableBytes(), OVERHEAD));
        lend(octets);
        int wanted = SSL.SSL_ERROR_NONE;
        while (wanted == SSL.SSL_ERROR_NONE) {
            if (!plain.isWritable()) {
                plain.ensureWritable(Math.max(SSL.sslPending(ssl), ALONE_MIN));
            }
            int count = SSL.readFromSSL(ssl, plain.memoryAddress() + plain.writerIndex(), plain.writableBytes());
            if (count > 0) {
                plain.writerIndex(plain.writerIndex() + count);
            } else {
                wanted = SSL.getError(ssl, count);
            }
        }
        takeBack(octets);
        isInputEnded = wanted == SSL.SSL_ERROR_ZERO_RETURN;
        if (wanted != SSL.SSL_ERROR_WANT_READ && wanted != SSL.SSL_ERROR_WANT_WRITE && !isInputEnded) {
            plain.release();
            String error = error();
            sendAside(SSL.SSL_ERROR_NONE, answer);
            throw new SSLException(error);
        }
        sendAside(SSL.SSL_ERROR_NONE, answer);
        return plain;
    }

    /** Whether the client has said that nothing more comes. */
    boolean isInputEnded() {
        return isInputEnded;
    }

    /** Some of the output, which is not empty, in records. */
    ByteBuf encrypt(PlainOutput output) throws SSLException {
        int wanted = (int) Math.min(OUTPUT_MAX, output.octets());
        ByteBuf sealed = buffers.directBuffer(wanted + ASIDE + (2 + wanted / ALONE_MIN) * OVERHEAD);
        try {
            while (!output.isEmpty() && sealed.readableBytes() < OUTPUT_MAX) {
                record(output, sealed);
            }
            return sealed;
        } catch (SSLException e) {
            sealed.release();
            throw e;
        }
    }

    private void record(PlainOutput output, ByteBuf sealed) throws SSLException {
        ByteBuf next = output.next();
        if (next.readableBytes() >= ALONE_MIN && next.hasMemoryAddress()) {
            int count = Math.min(RECORD_MAX, next.readableBytes());
            seal(next.memoryAddress() + next.readerIndex(), count, sealed);
            output.take(count);
        } else {
            ByteBuf gathered = GATHERED.get().clear();
            output.gather(gathered);
            if (gathered.isReadable()) {
                seal(gathered.memoryAddress(), gathered.readableBytes(), sealed);
            }
        }
    }

    private void seal(long address, int count, ByteBuf sealed) throws SSLException {
        sealed.ensureWritable(count + ASIDE + OVERHEAD);
        int done = 0;
        for (int round = 0; done < count; round++) {
            lendSpace(sealed);
            SSL.bioFlushByteBuffer(bio);
            int result = SSL.writeToSSL(ssl, address + done, count - done);
            takeBackSpace(sealed);
            if (result > 0) {
                done += result;
                continue;
            }
            // what the handshake had left to say needs space as well
            if (SSL.getError(ssl, result) != SSL.SSL_ERROR_WANT_WRITE || round > FLIGHTS_MAX) {
                throw new SSLException(error());
            }
            sealed.ensureWritable(count + FLIGHT);
        }
    }

    /** What tells the client that nothing more comes. */
    ByteBuf closeNotify() {
        ByteBuf alert = buffers.directBuffer(ASIDE + OVERHEAD);
        lendSpace(alert);
        SSL.bioFlushByteBuffer(bio);
        if (SSL.shutdownSSL(ssl) < 0) {
            SSL.clearError();
        }
        takeBackSpace(alert);
        return alert;
    }

    // ---- what is lent

    private void lend(ByteBuf octets) {
        if (octets.isReadable()) {
            SSL.bioSetByteBuffer(bio, octets.memoryAddress() + octets.readerIndex(), octets.readableBytes(), false);
        }
    }

    private void takeBack(ByteBuf octets) {
        if (octets.isReadable()) {
            octets.readerIndex(octets.writerIndex() - SSL.bioLengthByteBuffer(bio));
        }
        SSL.bioClearByteBuffer(bio);
    }

    private void lendSpace(ByteBuf buffer) {
        SSL.bioSetByteBuffer(bio, buffer.memoryAddress() + buffer.writerIndex(), buffer.writableBytes(), true);
    }

    private void takeBackSpace(ByteBuf buffer) {
        buffer.writerIndex(buffer.capacity() - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
    }

    /** The first of this thread's errors, of which none may be left for the next who looks. */
    private static String error() {
        int number = SSL.getLastErrorNumber();
        SSL.clearError();
        return number == 0 ? "the connection ended in the middle of TLS" : SSL.getErrorString(number);
    }
}
