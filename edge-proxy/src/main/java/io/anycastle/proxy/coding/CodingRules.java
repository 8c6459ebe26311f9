package io.anycastle.proxy.coding;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.ResponseHead;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides which coding an answer goes to its client in. Pure; any thread. */
public final class CodingRules {
    private static final AsciiString NO_TRANSFORM = new AsciiString("no-transform");
    private static final AsciiString IDENTITY = new AsciiString("identity");
    private static final AsciiString X_GZIP = new AsciiString("x-gzip");
    private static final AsciiString GZIP_AND_BR = new AsciiString("gzip, br");
    private static final AsciiString GZIP = new AsciiString("gzip");

    private final CompressionConfig config;
    private final List<ContentCoding> codings;
    private final CompressibleTypes types;
    /** Of all codings; nothing where there is none. */
    private final long leastBytesMin;

    public CodingRules(CompressionConfig config) {
        this.config = config;
        this.codings =
                config.codings().stream().filter(NativeCodings::has).distinct().toList();
        this.types = new CompressibleTypes(config.moreTypes());
        this.leastBytesMin = codings.stream().mapToLong(config::bytesMin).min().orElse(0);
    }

    public CompressionConfig config() {
        return config;
    }

    /**
     * What the origin is asked for: what the edge can undo, whoever asks. A part of a body cannot be put into another coding, so for a range
     * it is what the client takes too.
     */
    public AsciiString acceptedFromOrigin(Fields request) {
        boolean hasBr = NativeCodings.has(ContentCoding.BR);
        if (!request.has(FieldName.RANGE)) {
            return hasBr ? GZIP_AND_BR : GZIP;
        }
        AcceptedCodings accepted = AcceptedCodings.of(request);
        boolean takesGzip = accepted.accepts(ContentCoding.GZIP);
        if (hasBr && accepted.accepts(ContentCoding.BR)) {
            return takesGzip ? GZIP_AND_BR : ContentCoding.BR.text();
        }
        return takesGzip ? GZIP : IDENTITY;
    }

    /** @param length of the body in octets, as the head tells it; negative when it does not */
    public CodingPlan plan(Fields request, ResponseHead answer, long length) {
        Fields fields = answer.fields();
        if (!mayChange(answer.status(), fields, length)) {
            return CodingPlan.UNTOUCHED;
        }
        boolean isCompressible = isCompressed(answer.status()) && types.cover(fields);
        if (!isCoded(fields)) {
            return isCompressible ? encoded(request, fields, length) : CodingPlan.UNTOUCHED;
        }
        ContentCoding coding = readable(fields);
        if (coding == null) {
            return CodingPlan.UNTOUCHED; // nobody asked for it, so the client may know it
        }
        AcceptedCodings accepted = AcceptedCodings.of(request);
        if (accepted.accepts(coding)) {
            return CodingPlan.PASSED;
        }
        return new CodingPlan(coding, isCompressible ? best(accepted, fields, -1) : null, true);
    }

    private static boolean mayChange(int status, Fields fields, long length) {
        return status >= 200
                && status != 204
                && status != 206
                && status != 304
                && length != 0
                && !fields.has(FieldName.CONTENT_RANGE)
                && !fields.lists(FieldName.CACHE_CONTROL, NO_TRANSFORM);
    }

    private static boolean isCompressed(int status) {
        return status == 200 || status == 403 || status == 404;
    }

    private static boolean isCoded(Fields fields) {
        int index = fields.first(FieldName.CONTENT_ENCODING);
        return index >= 0 && !fields.isValue(index, IDENTITY);
    }

    /** The origin's coding, where it is one that the edge can undo. */
    private static @Nullable ContentCoding readable(Fields fields) {
        int index = fields.first(FieldName.CONTENT_ENCODING);
        if (fields.next(FieldName.CONTENT_ENCODING, index + 1) >= 0) {
            return null;
        }
        if (fields.isValue(index, GZIP) || fields.isValue(index, X_GZIP)) {
            return ContentCoding.GZIP;
        }
        boolean isBr = fields.isValue(index, ContentCoding.BR.text()) && NativeCodings.has(ContentCoding.BR);
        return isBr ? ContentCoding.BR : null;
    }

    private CodingPlan encoded(Fields request, Fields fields, long length) {
        if (isTooShort(length)) {
            return CodingPlan.UNTOUCHED;
        }
        ContentCoding best = best(AcceptedCodings.of(request), fields, length);
        return best == null ? CodingPlan.PASSED : new CodingPlan(null, best, true);
    }

    /** For every coding. */
    private boolean isTooShort(long length) {
        return codings.isEmpty() || (length >= 0 && length < leastBytesMin);
    }

    private boolean isTooShort(ContentCoding coding, long length) {
        return length >= 0 && length < config.bytesMin(coding);
    }

    /** The client's favourite of those that the edge writes, among equals the edge's own. */
    private @Nullable ContentCoding best(AcceptedCodings accepted, Fields answer, long length) {
        ContentCoding best = null;
        int quality = 0;
        for (int i = 0; i < codings.size(); i++) {
            ContentCoding coding = codings.get(i);
            // each event would become a frame of its own, larger than before
            boolean isUnfit = coding == ContentCoding.ZSTD && CompressibleTypes.isEvents(answer);
            if (accepted.quality(coding) > quality && !isUnfit && !isTooShort(coding, length)) {
                best = coding;
                quality = accepted.quality(coding);
            }
        }
        return quality < accepted.identity() ? null : best;
    }
}
