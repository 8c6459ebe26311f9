package io.anycastle.app.config;

import io.anycastle.proxy.coding.CompressionConfig;
import io.anycastle.proxy.coding.ContentCoding;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that is about compressing answers. */
public final class CompressionKeys {
    private static final KeyList KEYS = new KeyList();
    private static final CompressionConfig DEFAULTS = CompressionConfig.DEFAULTS;

    public static final Key<List<ContentCoding>> CODINGS = KEYS.key(
            "compression.codings",
            Shapes.listOf(Shapes.choice(ContentCoding.class), 0, CompressionKeys::twice),
            DEFAULTS.codings(),
            "How answers are compressed, the first choice first, where a visitor likes several alike; an empty list turns compression off.");
    public static final Key<List<String>> MORE_TYPES = KEYS.key(
            "compression.more-types",
            Shapes.listOf(
                    Shapes.text("a media type in lower case", "[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}"), 0),
            DEFAULTS.moreTypes(),
            "Media types that are compressed beside the usual ones; the first 500 count.");
    public static final Key<Integer> GZIP_LEVEL =
            KEYS.key("compression.gzip-level", Shapes.number(1, 9), DEFAULTS.gzipLevel(), "How hard gzip tries.");
    public static final Key<Integer> BR_LEVEL = KEYS.key(
            "compression.br-level",
            Shapes.number(0, 7),
            DEFAULTS.brLevel(),
            "How hard br tries; higher levels are for files, not for the moment.");
    public static final Key<Integer> ZSTD_LEVEL = KEYS.key(
            "compression.zstd-level", Shapes.number(1, 9), DEFAULTS.zstdLevel(), "How hard zstd tries, likewise.");
    public static final Key<Integer> GZIP_MIN = KEYS.key(
            "compression.gzip-min",
            Shapes.bytes(1, 1 << 30),
            DEFAULTS.gzipBytesMin(),
            "Answers that tell a shorter length are not compressed with gzip.");
    public static final Key<Integer> BR_MIN = KEYS.key(
            "compression.br-min", Shapes.bytes(1, 1 << 30), DEFAULTS.brBytesMin(), "The same for br and zstd.");
    public static final Key<Integer> WINDOW = KEYS.key(
            "compression.window",
            powersOfTwo(),
            DEFAULTS.windowBytes(),
            "How far back br and zstd look, a power of two; what an answer under way costs of memory follows it.");
    public static final Key<Integer> ANSWERS = KEYS.key(
            "compression.answers-max",
            Shapes.number(1, 1_000_000),
            DEFAULTS.encodersMax(),
            "Answers that are compressed at a time, for each of the proxy's threads; further ones go as they are.");
    public static final Key<Integer> INFLATE_RATIO = KEYS.key(
            "compression.inflate-ratio-max",
            Shapes.number(1, 100_000),
            DEFAULTS.inflateRatioMax(),
            "How many octets one of an origin's compressed ones may stand for on the whole, where the edge decompresses for a visitor; then"
                    + " the answer is cut off.");
    public static final Key<Long> INFLATE_FREE = KEYS.key(
            "compression.inflate-free",
            Shapes.size(1L << 10, 1L << 40),
            DEFAULTS.inflateFreeBytes(),
            "What such an answer may grow to whatever the ratio.");

    static final List<Key<?>> ALL = KEYS.all();

    private CompressionKeys() {}

    private static Optional<String> twice(ContentCoding coding, List<ContentCoding> before) {
        return before.contains(coding) ? Optional.of("stands there twice") : Optional.empty();
    }

    private static Shape<Integer> powersOfTwo() {
        Shape<Integer> bytes = Shapes.bytes(CompressionConfig.WINDOW_BYTES_MIN, CompressionConfig.WINDOW_BYTES_MAX);
        return new Shape<>(
                bytes.expected() + ", a power of two",
                (node, at, problems) -> bytes.read(node, at, problems).filter(size -> {
                    boolean isPower = Integer.bitCount(size) == 1;
                    if (!isPower) {
                        problems.mismatch(node, at, bytes.expected() + ", a power of two");
                    }
                    return isPower;
                }),
                bytes::write);
    }
}
