package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens by which a client proves that it has the address it sends from, before anything is kept of it (Retry, RFC 9000 section 8.1.2). A
 * token holds its time, a code over that, the address and the connection id that the client had chosen, and that id. Belongs to an event loop.
 */
final class QuicTokens implements QuicTokenHandler {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_OCTETS = 32;
    private static final int CODE_OCTETS = 16;
    private static final int ID_OCTETS_MAX = 20;
    private static final int HEAD_OCTETS = Long.BYTES + CODE_OCTETS;

    private final Mac mac;
    private final Duration life;
    private final BooleanSupplier isAsked;
    private final ProxyCounters counters;

    /**
     * @param life of a token
     * @param isAsked whether new clients are asked for one
     */
    QuicTokens(Duration life, BooleanSupplier isAsked, ProxyCounters counters) {
        this.life = life;
        this.isAsked = isAsked;
        this.counters = counters;
        byte[] key = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf id, InetSocketAddress address) {
        if (!isAsked.getAsBoolean()) {
            return false;
        }
        counters.count(Event.QUIC_RETRIES);
        long now = System.nanoTime();
        byte[] chosen = ByteBufUtil.getBytes(id);
        out.writeLong(now).writeBytes(code(now, address, chosen)).writeBytes(chosen);
        return true;
    }

    private byte[] code(long time, InetSocketAddress address, byte[] id) {
        mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, time));
        mac.update(address.getAddress().getAddress());
        mac.update((byte) (address.getPort() >>> Byte.SIZE));
        mac.update((byte) address.getPort());
        byte[] code = mac.doFinal(id);
        return java.util.Arrays.copyOf(code, CODE_OCTETS);
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int at = token.readerIndex();
        if (token.readableBytes() < HEAD_OCTETS || token.readableBytes() > HEAD_OCTETS + ID_OCTETS_MAX) {
            return -1;
        }
        long time = token.getLong(at);
        byte[] code = ByteBufUtil.getBytes(token, at + Long.BYTES, CODE_OCTETS);
        byte[] id = ByteBufUtil.getBytes(token, at + HEAD_OCTETS, token.readableBytes() - HEAD_OCTETS);
        long age = System.nanoTime() - time;
        boolean isOwn = MessageDigest.isEqual(code, code(time, address, id)) && age >= 0 && age <= life.toNanos();
        return isOwn ? HEAD_OCTETS : -1;
    }

    @Override
    public int maxTokenLength() {
        return HEAD_OCTETS + ID_OCTETS_MAX;
    }
}
