package io.anycastle.dns.answer;

import io.anycastle.dns.IdentityConfig;
import io.anycastle.dns.wire.AnswerWriter;
import io.anycastle.dns.wire.AnswerWriter.Section;
import io.anycastle.dns.wire.EdnsOptions;
import io.anycastle.dns.wire.QueryReader;
import io.anycastle.dns.wire.Wire;
import io.anycastle.dns.wire.WireName;
import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the node answers about itself and about who asks, whatever zones there are: the CHAOS names (RFC 4892), the node's identifier in the
 * NSID option (RFC 5001), and {@code whoami}. Of these only {@code whoami} allocates, a few strings. Belongs to one thread.
 */
final class NodeAnswers {
    private static final int TEXT_OCTETS_MAX = 255;

    private final QueryReader query;
    private final AnswerWriter writer;
    private final IdentityConfig config;
    private final List<Chaos> chaos = new ArrayList<>();
    private final byte[] nsid;
    private final byte[] whoami;

    /** A name of class CHAOS and its TXT record. */
    private record Chaos(WireName name, Record record) {}

    /** Octets of a record whose owner is the question's name. */
    private record Record(ByteBuffer octets) {
        static Record of(int type, int recordClass, byte[] rdata) {
            byte[] octets = new byte[12 + rdata.length];
            Wire.putU16(octets, 0, Wire.QUESTION_POINTER);
            Wire.putU16(octets, 2, type);
            Wire.putU16(octets, 4, recordClass);
            Wire.putU16(octets, 10, rdata.length);
            System.arraycopy(rdata, 0, octets, 12, rdata.length);
            return new Record(ByteBuffer.wrap(octets));
        }
    }

    NodeAnswers(IdentityConfig config, QueryReader query, AnswerWriter writer) {
        this.config = config;
        this.query = query;
        this.writer = writer;
        if (config.isShown()) {
            chaos("\2id\6server", config.colo());
            chaos("\10hostname\4bind", config.node());
        }
        config.version().ifPresent(version -> {
            chaos("\7version\4bind", version);
            chaos("\7version\6server", version);
        });
        String identifier = config.isShown() ? config.node() + "." + config.colo() : "";
        nsid = identifier.getBytes(StandardCharsets.UTF_8);
        whoami = config.whoami().map(name -> name.wire()).orElse(new byte[0]);
    }

    private void chaos(String labels, String text) {
        WireName name = new WireName();
        name.set((labels + "\0").getBytes(StandardCharsets.US_ASCII));
        chaos.add(new Chaos(name, Record.of(Wire.TYPE_TXT, Wire.CLASS_CHAOS, texts(List.of(text)))));
    }

    /** Each as a character-string (RFC 1035 section 3.3), cut at its limit. */
    private static byte[] texts(List<String> texts) {
        ByteArrayOutputStream rdata = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(octets.length, TEXT_OCTETS_MAX);
            rdata.write(length);
            rdata.write(octets, 0, length);
        }
        return rdata.toByteArray();
    }

    /** Names the node in the answer when the query wants that. */
    void addNsid() {
        if (nsid.length > 0 && query.options().hasNsid()) {
            writer.addOption(EdnsOptions.NSID, nsid, 0, nsid.length);
        }
    }

    /** Answers the question when it is about the node or the asker; null when it is about a zone. */
    @Nullable
    Outcome answer(QuerySource source) {
        WireName name = query.name();
        if (query.queryClass() == Wire.CLASS_CHAOS) {
            for (int i = 0; i < chaos.size(); i++) {
                if (isSame(name, chaos.get(i).name.octets(), chaos.get(i).name.length())) {
                    return answer(Wire.TYPE_TXT, chaos.get(i).record);
                }
            }
            return Outcome.REFUSED;
        }
        return query.queryClass() == Wire.CLASS_IN && isSame(name, whoami, whoami.length) ? whoami(source) : null;
    }

    private static boolean isSame(WireName name, byte[] octets, int length) {
        return name.length() == length && Arrays.equals(name.octets(), 0, length, octets, 0, length);
    }

    @SuppressWarnings("ByteBufferBackingArray") // it wraps a whole array
    private Outcome answer(int type, Record record) {
        if (query.type() != type && query.type() != Wire.TYPE_ANY) {
            return Outcome.NO_DATA;
        }
        writer.append(Section.ANSWER, record.octets.array(), 1);
        return Outcome.FOUND;
    }

    /** With TTL 0 and, where there is nothing of a type, without a SOA: not for any cache (RFC 2308 section 5). */
    private Outcome whoami(QuerySource source) {
        byte[] address = source.address();
        return switch (query.type()) {
            case Wire.TYPE_A, Wire.TYPE_AAAA ->
                answer(source.isIpv6() ? Wire.TYPE_AAAA : Wire.TYPE_A, Record.of(query.type(), Wire.CLASS_IN, address));
            default -> answer(Wire.TYPE_TXT, Record.of(Wire.TYPE_TXT, Wire.CLASS_IN, texts(facts(source, address))));
        };
    }

    private List<String> facts(QuerySource source, byte[] address) {
        List<String> facts = new ArrayList<>();
        facts.add("address=" + text(address));
        facts.add("port=" + source.port());
        facts.add("transport=" + source.transport().name().toLowerCase(Locale.ROOT));
        subnet().ifPresent(subnet -> facts.add("subnet=" + subnet));
        if (config.isShown()) {
            facts.add("node=" + config.node());
            facts.add("colo=" + config.colo());
        }
        return facts;
    }

    /** The network that the asker asks for (RFC 7871), in the way of writing that is usual. */
    private Optional<String> subnet() {
        EdnsOptions options = query.options();
        if (!options.hasSubnet() || options.subnetFamily() == 0) {
            return Optional.empty();
        }
        byte[] network = new byte[options.subnetFamily() == 1 ? 4 : 16];
        System.arraycopy(query.message(), options.subnetAt() + 4, network, 0, options.subnetLength() - 4);
        return Optional.of(text(network) + "/" + options.subnetPrefix());
    }

    /** As RFC 5952 has it. */
    private static String text(byte[] address) {
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("neither 4 nor 16 octets", e);
        }
    }
}
