package io.anycastle.app.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Seals what the store holds for the nodes of the cluster alone, and opens it again. A node that is in no cluster yet has a key of its own
 * in its data folder, which becomes the cluster's when it is the first of one. Any thread.
 */
public final class ClusterSecrets {
    private final Path folder;
    private final boolean mayMakeKey;
    private final Supplier<Optional<ClusterKey>> ofCluster;
    private volatile @Nullable ClusterKey ofFolder;

    /** @param ofCluster the cluster's key, where this node is in one */
    ClusterSecrets(ClusterConfig config, Supplier<Optional<ClusterKey>> ofCluster) {
        this.folder = config.dataFolder();
        this.mayMakeKey = config.isTunnel();
        this.ofCluster = ofCluster;
    }

    /**
     * Seals a secret; the first time on a node that has no key this makes one. Blocks then.
     *
     * @param place what the secret belongs to; it opens nowhere else
     */
    public synchronized String seal(byte[] secret, String place) {
        try {
            Optional<ClusterKey> known = key();
            return (known.isPresent() ? known.get() : fresh()).seal(secret, place);
        } catch (IOException e) {
            throw new MembershipException("the secret cannot be sealed: " + e.getMessage());
        }
    }

    private ClusterKey fresh() throws IOException {
        Path file = folder.resolve(ClusterKey.FILE);
        if (!mayMakeKey) {
            throw new MembershipException("the secret cannot be sealed: " + file
                    + " is not there; put the same key into the data folder of each node");
        }
        ClusterKey key = ClusterKey.fresh();
        PrivateFile.write(file, key.text() + "\n");
        ofFolder = key;
        return key;
    }

    /** Empty where this node does not have the key that it was sealed with, or it was sealed for another place. */
    public Optional<byte[]> open(String sealed, String place) {
        try {
            return key().flatMap(key -> key.open(sealed, place));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<ClusterKey> key() throws IOException {
        Optional<ClusterKey> shared = ofCluster.get();
        if (shared.isPresent()) {
            return shared;
        }
        ClusterKey known = ofFolder;
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ClusterKey> found = ClusterKey.in(folder);
        found.ifPresent(key -> ofFolder = key);
        return found;
    }
}
