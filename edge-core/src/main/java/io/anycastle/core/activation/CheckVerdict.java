package io.anycastle.core.activation;

/** What an answer of public DNS says about a zone. */
public enum CheckVerdict {
    /** Just what was expected: the zone is its owner's, and pointed here. */
    OURS,
    /** Some of what was expected, with something missing or something foreign beside it. */
    PARTLY,
    /** Nothing of what was expected. */
    ELSEWHERE,
    /** Nobody answered, which says nothing about the zone. */
    UNKNOWN
}
