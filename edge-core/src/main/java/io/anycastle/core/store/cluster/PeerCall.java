package io.anycastle.core.store.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.serialization.compact.CompactReader;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import com.hazelcast.nio.serialization.compact.CompactWriter;
import io.anycastle.core.limit.RateLimitedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request to another node, run there by Hazelcast's executor; bytes in, bytes out, in the form of {@link PeerCodec}. */
public final class PeerCall implements Callable<byte[]>, HazelcastInstanceAware {
    /** Where the answering side lies in the instance's user context. */
    static final String ANSWERS = "anycastle.answers";

    private static final Logger LOG = LoggerFactory.getLogger(PeerCall.class);
    private static final RateLimitedLog OFTEN = new RateLimitedLog(LOG, InstantSource.system());
    private static final byte OK = 0;
    private static final byte FAILED = 1;

    private final byte[] request;
    private @Nullable HazelcastInstance here;

    /** Answers requests; any thread. */
    public interface Answers {
        byte[] answer(byte[] request) throws Exception;
    }

    PeerCall(byte[] request) {
        this.request = request;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        here = instance;
    }

    /** Never throws: an exception would travel as a Java object, which the other side refuses to read. */
    @Override
    public byte[] call() {
        HazelcastInstance instance = here;
        Object answers = instance == null ? null : instance.getUserContext().get(ANSWERS);
        try {
            return answers instanceof Answers ready
                    ? answered(OK, ready.answer(request))
                    : failed("it does not answer yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("interrupted");
        } catch (Exception e) {
            OFTEN.warn(String.valueOf(e), "a request of another node failed: " + e);
            LOG.debug("a request of another node failed", e);
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static byte[] failed(String reason) {
        return answered(FAILED, reason.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] answered(byte how, byte[] body) {
        byte[] answer = new byte[body.length + 1];
        answer[0] = how;
        System.arraycopy(body, 0, answer, 1, body.length);
        return answer;
    }

    /** What the other node answered. */
    static byte[] body(byte[] answer) throws IOException {
        byte[] body = Arrays.copyOfRange(answer, Math.min(1, answer.length), answer.length);
        if (answer.length == 0 || answer[0] != OK) {
            throw new IOException(new String(body, StandardCharsets.UTF_8));
        }
        return body;
    }

    /** Puts the call on the wire without Java serialization. */
    static final class Form implements CompactSerializer<PeerCall> {
        @Override
        public PeerCall read(CompactReader reader) {
            byte[] request = reader.readArrayOfInt8("request");
            return new PeerCall(request == null ? new byte[0] : request);
        }

        @Override
        public void write(CompactWriter writer, PeerCall call) {
            writer.writeArrayOfInt8("request", call.request);
        }

        @Override
        public String getTypeName() {
            return "anycastle.call";
        }

        @Override
        public Class<PeerCall> getCompactClass() {
            return PeerCall.class;
        }
    }
}
