package io.anycastle.core.activation;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.resolve.DnsClient;
import io.anycastle.core.resolve.LookupResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Asks public DNS what it says about a zone. Blocks, so it is called on a virtual thread.
 *
 * @param timeout for one zone with all questions that it takes
 */
record PublicDns(DnsClient dnsClient, Duration timeout) {
    /** What is kept of foreign answers: so many values of so many characters. */
    private static final int VALUES_MAX = 16;

    private static final int VALUE_CHARACTERS_MAX = 255;

    Finding ask(Expectation expectation) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        return switch (expectation) {
            case Expectation.NameServers servers -> nameServers(servers, deadline);
            case Expectation.Text text -> text(text, deadline);
        };
    }

    private Finding nameServers(Expectation.NameServers expectation, long deadline) throws InterruptedException {
        DomainName zone = expectation.zone();
        return switch (ask(zone, Type.NS, deadline)) {
            case LookupResult.Records records
            when records.names().size() > 1 ->
                new Finding.Nothing(zone + " is an alias of " + records.names().getLast());
            case LookupResult.Records records ->
                found(
                        records.rdatas().stream()
                                .map(rdata -> nameOf(rdata, zone))
                                .toList(),
                        expectation);
            case LookupResult.NoData _ -> new Finding.Nothing(zone + " is not delegated");
            case LookupResult.NoName _ -> new Finding.Nothing(zone + " does not exist in public DNS");
            case LookupResult.Failed failed -> new Finding.NoAnswer(failed.why());
        };
    }

    /** The record counts wherever it stands; that it is missing, only when every place was looked at. */
    private Finding text(Expectation.Text expectation, long deadline) throws InterruptedException {
        List<String> others = new ArrayList<>();
        String why = expectation.zone() + " leaves no room for the name of the TXT record";
        String unanswered = "";
        for (DomainName name : expectation.verification().names()) {
            switch (ask(name, Type.TXT, deadline)) {
                case LookupResult.Records records -> {
                    Finding.Found found = found(
                            records.rdatas().stream().map(PublicDns::textOf).toList(), expectation);
                    if (expectation.verdict(found) == CheckVerdict.OURS) {
                        return found;
                    }
                    others.addAll(found.values());
                }
                case LookupResult.NoData _ -> why = name + " has no TXT record";
                case LookupResult.NoName _ -> why = name + " does not exist in public DNS";
                case LookupResult.Failed failed -> unanswered = failed.why();
            }
        }
        if (!unanswered.isEmpty()) {
            return new Finding.NoAnswer(unanswered);
        }
        return others.isEmpty() ? new Finding.Nothing(why) : found(others, expectation);
    }

    private LookupResult ask(DomainName name, int type, long deadline) throws InterruptedException {
        var asked = dnsClient.ask(name, type).toCompletableFuture();
        try {
            return asked.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new LookupResult.Failed("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return new LookupResult.Failed(String.valueOf(e.getCause()));
        }
    }

    /** An answer may hold more than is kept; what is sought comes first. */
    private static Finding.Found found(List<String> values, Expectation expectation) {
        return new Finding.Found(values.stream()
                .map(value -> value.length() > VALUE_CHARACTERS_MAX ? value.substring(0, VALUE_CHARACTERS_MAX) : value)
                .sorted(Comparator.comparing(
                                (String value) -> !expectation.values().contains(value))
                        .thenComparing(Comparator.naturalOrder()))
                .distinct()
                .limit(VALUES_MAX)
                .toList());
    }

    private static String nameOf(Rdata rdata, DomainName zone) {
        try {
            return new Name(rdata.wire()).toString(true).toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            return "a name server of " + zone + " that cannot be read";
        }
    }

    /** All strings of the record as one (RFC 1035 section 3.3.14); control characters do not get into logs. */
    private static String textOf(Rdata rdata) {
        byte[] wire = rdata.wire();
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < wire.length; at += 1 + (wire[at] & 0xff)) {
            int length = Math.min(wire[at] & 0xff, wire.length - at - 1);
            text.append(new String(wire, at + 1, length, StandardCharsets.ISO_8859_1));
        }
        return text.toString().replaceAll("[^\\x20-\\x7e]", "?");
    }
}
