package io.celeriac.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class TermTest {

    private final Term term = new Term(5, Uuid.randomUuid(), 100);

    @Test
    void supersedesWhatAnEarlierOwnerHasLoggedOfARecordThatItsOwnOneHasRead() {
        assertThat(term.supersedes(4, 100)).isTrue();
        assertThat(term.supersedes(4, 101)).isTrue();
    }

    @Test
    void supersedesNothingOfRecordsThatItsOwnerHasNotRead() {
        assertThat(term.supersedes(4, 99)).isFalse();
    }

    @Test
    void supersedesNothingOfItsOwnOwnerOrALaterOne() {
        assertThat(term.supersedes(5, 100)).isFalse();
        assertThat(term.supersedes(6, 100)).isFalse();
    }

    @Test
    void comesBackAsItWasLogged() {
        assertThat(Term.of(5, term.bytes())).isEqualTo(term);
    }
}
