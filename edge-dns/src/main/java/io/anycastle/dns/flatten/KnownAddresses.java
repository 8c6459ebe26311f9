package io.anycastle.dns.flatten;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.dns.compile.ExternalTarget;
import io.anycastle.dns.compile.ExternalTarget.Learnt;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that keeps what was learnt, so that a node that starts while the servers outside are down answers as before. One line per name
 * and family: {@code name A milliseconds ttl addresses-in-hex}; the format before had no TTL, which counts as 0 then. It is no source of truth: what cannot be read is learnt anew.
 */
final class KnownAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(KnownAddresses.class);
    private static final String TITLE = "anycastle known addresses 2";
    private static final String TITLE_WITHOUT_TTL = "anycastle known addresses 1";
    private static final String NONE = "-";

    private KnownAddresses() {}

    private record Family(DomainName name, int type) {}

    /** Tells new targets what the file knows. */
    static java.util.function.Consumer<ExternalTarget> read(Path file) {
        Map<Family, Learnt> known = new HashMap<>();
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            String title = lines.isEmpty() ? "" : lines.getFirst();
            if (title.equals(TITLE) || title.equals(TITLE_WITHOUT_TTL)) {
                lines.stream().skip(1).forEach(line -> read(line, title.equals(TITLE), known));
            }
        } catch (NoSuchFileException e) {
            // the first start
        } catch (IOException e) {
            LOG.warn("{} cannot be read; its names are looked up anew: {}", file, e.getMessage());
        }
        return target -> {
            for (int type : new int[] {Wire.TYPE_A, Wire.TYPE_AAAA}) {
                Learnt learnt = known.get(new Family(target.name(), type));
                if (learnt != null) {
                    target.learn(type, learnt);
                }
            }
        };
    }

    private static void read(String line, boolean hasTtl, Map<Family, Learnt> known) {
        try {
            String[] words = line.split(" ", hasTtl ? 5 : 4);
            int type = words[1].equals("A") ? Wire.TYPE_A : Wire.TYPE_AAAA;
            int octets = type == Wire.TYPE_A ? 4 : 16;
            List<Rdata> addresses = new ArrayList<>();
            String list = words[words.length - 1];
            for (String hex : list.equals(NONE) ? new String[0] : list.split(",", -1)) {
                byte[] wire = HexFormat.of().parseHex(hex);
                if (wire.length != octets) {
                    throw new IllegalArgumentException("an address of " + wire.length + " octets");
                }
                addresses.add(Rdata.of(wire));
            }
            known.put(
                    new Family(DomainName.of(words[0]), type),
                    new Learnt(
                            addresses.isEmpty() ? null : ExternalTargets.compiled(type, Flattener.TTL_MAX, addresses),
                            Long.parseLong(words[2]),
                            hasTtl ? Integer.parseInt(words[3]) : 0));
        } catch (RuntimeException e) {
            LOG.warn("a line of the known addresses cannot be read: {}", e.getMessage());
        }
    }

    static void write(Path file, Iterator<ExternalTarget> targets) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (var out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            out.write(TITLE);
            out.write('\n');
            while (targets.hasNext()) {
                ExternalTarget target = targets.next();
                out.write(line(target, "A", target.learnt(Wire.TYPE_A)));
                out.write(line(target, "AAAA", target.learnt(Wire.TYPE_AAAA)));
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String line(ExternalTarget target, String type, @Nullable Learnt learnt) {
        if (learnt == null) {
            return "";
        }
        List<String> hex = new ArrayList<>();
        learnt.octets().forEach(address -> hex.add(HexFormat.of().formatHex(address)));
        String addresses = hex.isEmpty() ? NONE : String.join(",", hex);
        return target.name() + " " + type + " " + learnt.untilMillis() + " " + learnt.ttlSeconds() + " " + addresses
                + "\n";
    }
}
