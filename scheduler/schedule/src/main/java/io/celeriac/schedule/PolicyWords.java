package io.celeriac.schedule;

import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.schedule.Overlap;
import io.celeriac.schedule.rule.InvalidScheduleException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Reads the policies of a schedule from their words in JSON and in the table. */
public final class PolicyWords {

    private PolicyWords() {}

    /**
     * @throws InvalidScheduleException when there is no such policy
     */
    public static Overlap overlap(String word) {
        return find("overlap", word, Overlap.values(), Overlap::word);
    }

    /**
     * @throws InvalidScheduleException when there is no such policy
     */
    public static CatchUpPolicy catchUp(String word) {
        return find("catchUp", word, CatchUpPolicy.values(), CatchUpPolicy::word);
    }

    private static <E> E find(String field, String word, E[] all, Function<E, String> wordOf) {
        List<String> words = Arrays.stream(all).map(wordOf).toList();
        var index = words.indexOf(word);
        if (index < 0) {
            throw new InvalidScheduleException(field, "must be one of " + words + ", but is \"" + word + '"');
        }
        return all[index];
    }
}
