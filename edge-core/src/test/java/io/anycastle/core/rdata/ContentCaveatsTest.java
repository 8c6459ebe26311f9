package io.anycastle.core.rdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordDraft;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of content that BIND, Knot and NSD load, and clients cannot use. */
class ContentCaveatsTest {
    private static final DomainName ZONE = DomainName.of("example.com");
    private static final RecordIdentity ID = new RecordIdentity("0".repeat(32), Instant.EPOCH, Instant.EPOCH);

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        TLSA 3 1 1 aabb ; matching type 1 is a digest of 32 octets, and there are 2: clients will match no certificate with it
        SMIMEA 3 1 2 aa ; matching type 2 is a digest of 64 octets, and there is 1: clients will match no certificate with it
        TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef ;
        TLSA 3 1 0 aabb ;
        TLSA 3 1 255 aabb ;
        HTTPS 1 . key65535=x ; key65535 is reserved as a key that is invalid (RFC 9460 section 14.3.2): clients ignore it, or all of the record
        SVCB 1 . alpn=h2 key65534=x ;
        TYPE65535 \\# 0 ; type 65535 is reserved (RFC 6895 section 3.1): resolvers may drop it
        TYPE65534 \\# 0 ;
        TXT x ;
        """)
    void content_that_clients_cannot_use_is_taken_and_says_so(String record, @Nullable String expected) {
        String[] words = record.split(" ", 2);
        ParsedRecord parsed = new RecordParser(Set.of(), List.of(), 30, 86_400)
                .parse(RecordDraft.of("a", words[0], words[1]), ZONE, ID);
        assertThat(parsed)
                .isInstanceOfSatisfying(
                        ParsedRecord.Valid.class,
                        valid -> assertThat(ContentCaveats.of(valid.record()).orElse(""))
                                .isEqualTo(expected == null ? "" : expected));
    }
}
