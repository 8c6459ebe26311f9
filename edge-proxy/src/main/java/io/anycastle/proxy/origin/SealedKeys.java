package io.anycastle.proxy.origin;

import java.util.Optional;

/** Opens private keys that lie sealed in the store. Any thread; does not block. */
@FunctionalInterface
public interface SealedKeys {
    /** One that opens none. */
    SealedKeys NONE = (text, place) -> Optional.empty();

    /**
     * The key in PKCS#8 form; empty where this node cannot open it.
     *
     * @param place what the key was sealed for
     */
    Optional<byte[]> open(String text, String place);
}
