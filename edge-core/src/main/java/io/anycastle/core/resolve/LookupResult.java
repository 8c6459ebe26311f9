package io.anycastle.core.resolve;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import java.util.List;

/** How a question to the DNS beyond this node ended. */
public sealed interface LookupResult {
    /**
     * There are such records.
     *
     * @param rdatas uncompressed, names in lower case, in the order of the answer, each once; at least one
     * @param ttlSeconds the lowest on the way, 0 to 604800
     * @param names those that the answer went by: the one asked about, then each alias's target; the last owns the records
     */
    record Records(List<Rdata> rdatas, int ttlSeconds, List<DomainName> names) implements LookupResult {
        public Records {
            rdatas = List.copyOf(rdatas);
            names = List.copyOf(names);
        }
    }

    /**
     * The name exists, the type does not (RFC 2308 section 2.2).
     *
     * @param ttlSeconds how long that may be believed, 0 to 604800
     */
    record NoData(int ttlSeconds) implements LookupResult {}

    /**
     * There is no such name, or an alias leads to none (RFC 2308 section 2.1).
     *
     * @param ttlSeconds how long that may be believed, 0 to 604800
     */
    record NoName(int ttlSeconds) implements LookupResult {}

    /**
     * Nothing was learnt.
     *
     * @param why a part of a sentence, for the log and for status
     */
    record Failed(String why) implements LookupResult {}
}
