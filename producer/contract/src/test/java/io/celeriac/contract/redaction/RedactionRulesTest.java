package io.celeriac.contract.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.redaction.RedactionRules.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RedactionRulesTest {

    @Test
    void mergesAllRulesThatMatchTheName() {
        var rules = rules(
                new Rule("pay.*", List.of("card", "0"), false),
                new Rule("*.card", null, true),
                new Rule("pay.card", List.of("2"), false),
                new Rule("mail", List.of("*"), false));

        assertThat(rules.of("pay.card")).isEqualTo(new Redaction(Set.of(0, 2), Set.of("card"), false, true, null));
        assertThat(rules.of("pay.")).isEqualTo(new Redaction(Set.of(0), Set.of("card"), false, false, null));
        assertThat(rules.of("mail")).isEqualTo(Redaction.ARGUMENTS);
        assertThat(rules.of("mails")).isEqualTo(Redaction.NONE);
        assertThat(rules.of("payXcard")).isEqualTo(Redaction.NONE);
    }

    @Test
    void takesEveryOtherCharacterOfANameAsItself() {
        assertThat(rules(new Rule("a.b", List.of("*"), false)).of("axb")).isEqualTo(Redaction.NONE);
        assertThat(rules(new Rule("*", List.of("*"), false)).of("")).isEqualTo(Redaction.ARGUMENTS);
    }

    @Test
    void findsAPartWhereverItStands() {
        var rules = rules(new Rule("a*b*a", List.of("*"), false));

        assertThat(rules.of("aba")).isEqualTo(Redaction.ARGUMENTS);
        assertThat(rules.of("a.b.b.a")).isEqualTo(Redaction.ARGUMENTS);
        assertThat(rules.of("ab")).isEqualTo(Redaction.NONE);
        assertThat(rules(new Rule("a*a", List.of("*"), false)).of("a")).isEqualTo(Redaction.NONE);
        assertThat(rules(new Rule("**", List.of("*"), false)).of("a")).isEqualTo(Redaction.ARGUMENTS);
    }

    /** As a regular expression it would try for years. */
    @Test
    @Timeout(10)
    void answersAtOnceForManyStars() {
        var rules = rules(new Rule("*a".repeat(60) + "*b", List.of("*"), false));

        assertThat(rules.of("a".repeat(255))).isEqualTo(Redaction.NONE);
    }

    @Test
    void refusesARuleThatIsNoneByTheNameOfItsSetting() {
        assertRefused(new Rule(null, List.of("*"), false), "celeriac.redaction.rules[1].task must be");
        assertRefused(new Rule("a b", List.of("*"), false), "celeriac.redaction.rules[1].task must be");
        assertRefused(new Rule("a", List.of(), false), "celeriac.redaction.rules[1] makes nothing secret");
        assertRefused(new Rule("a", null, false), "celeriac.redaction.rules[1] makes nothing secret");
        assertRefused(new Rule("a", List.of(" "), true), "celeriac.redaction.rules[1].args must be");
    }

    private static void assertRefused(Rule rule, String message) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> rules(new Rule("good", null, true), rule))
                .withMessageStartingWith(message);
    }

    @Test
    void concernRecordsByTheirNameAndThoseThatDoNotTellIt() {
        var rules = rules(new Rule("login", List.of("*"), false));

        assertThat(rules.concern(bytes("{\"args\":[1,{\"task\":2}],\"task\":\"login\",\"eta\":")))
                .isTrue();
        assertThat(rules.concern(bytes("{\"task\":\"add\",\"args\":[1]}"))).isFalse();
        assertThat(rules.concern(bytes("hunter2"))).isTrue();
        assertThat(rules.concern(bytes("{\"task\":5}"))).isTrue();
        assertThat(rules.concern(null)).isFalse();
        assertThat(RedactionRules.NONE.concern(bytes("hunter2"))).isFalse();
    }

    private static RedactionRules rules(Rule... rules) {
        return new RedactionRules(Arrays.asList(rules));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
