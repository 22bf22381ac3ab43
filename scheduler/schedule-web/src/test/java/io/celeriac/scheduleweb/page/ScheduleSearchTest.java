package io.celeriac.scheduleweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleSearchTest {

    @Test
    void findsAllWithoutWords() {
        assertThat(ScheduleSearch.of("  "))
                .isEqualTo(new ScheduleSearch(null, null, null, null, null, null, List.of()));
    }

    @Test
    void readsFiltersAndTheBeginningOfAName() {
        assertThat(ScheduleSearch.of(
                        "rep task:report.write queue:mail kind:crontab by:shop is:paused label.team:a label.x:b:c"))
                .isEqualTo(new ScheduleSearch(
                        "rep", "report.write", "mail", "crontab", false, "shop", List.of("team:a", "x:b:c")));
        assertThat(ScheduleSearch.of("is:on").enabled()).isTrue();
    }

    @Test
    void takesANameWithColonsForAName() {
        assertThat(ScheduleSearch.of("shop:nightly").namePrefix()).isEqualTo("shop:nightly");
        assertThat(ScheduleSearch.of("is:odd").namePrefix()).isEqualTo("is:odd");
        assertThat(ScheduleSearch.of("task:").namePrefix()).isEqualTo("task:");
        assertThat(ScheduleSearch.of("name:task:a").namePrefix()).isEqualTo("task:a");
    }
}
