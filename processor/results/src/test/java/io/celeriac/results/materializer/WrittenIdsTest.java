package io.celeriac.results.materializer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrittenIdsTest {

    private final WrittenIds ids = new WrittenIds(2);

    @Test
    void remembersTheLastOnesAndForgetsInGenerations() {
        ids.add(List.of("a", "b", "c"));
        assertThat(List.of("a", "b", "c")).allMatch(ids::contains);

        ids.add(List.of("d", "e"));
        assertThat(List.of("a", "b")).noneMatch(ids::contains);
        assertThat(List.of("c", "d", "e")).allMatch(ids::contains);
    }

    @Test
    void forgetsAllWhenTheTablesAreEmptied() {
        ids.add(List.of("a", "b", "c"));
        ids.clear();

        assertThat(List.of("a", "b", "c")).noneMatch(ids::contains);
    }
}
