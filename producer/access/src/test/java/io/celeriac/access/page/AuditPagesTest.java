package io.celeriac.access.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class AuditPagesTest {

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    @Test
    void readsALocalTimeInTheZoneOfTheReader() {
        assertThat(AuditPages.Search.instant("2026-01-31T12:00", SHANGHAI)).isEqualTo("2026-01-31T04:00:00Z");
        assertThat(AuditPages.Search.instant("2026-01-31T12:00:30", SHANGHAI)).isEqualTo("2026-01-31T04:00:30Z");
    }

    @Test
    void showsAnInstantAsALocalTime() {
        assertThat(AuditPages.Search.local("2026-01-31T04:00:30Z", SHANGHAI)).isEqualTo("2026-01-31T12:00:30");
        assertThat(AuditPages.Search.local("2026-01-31T12:00", SHANGHAI)).isEqualTo("2026-01-31T12:00");
        assertThat(AuditPages.Search.local(null, SHANGHAI)).isNull();
    }

    @Test
    void passesOnWhatIsNoLocalTime() {
        assertThat(AuditPages.Search.instant("2026-01-31T12:00:00Z", SHANGHAI)).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(AuditPages.Search.instant("yesterday", SHANGHAI)).isEqualTo("yesterday");
    }

    @Test
    void searchesForEverythingWhereAFieldIsBlank() {
        assertThat(new AuditPages.Search(" ", "", null, " ").in(SHANGHAI))
                .isEqualTo(new AuditPages.Search(null, null, null, null));
    }
}
