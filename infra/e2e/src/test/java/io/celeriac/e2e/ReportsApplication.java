package io.celeriac.e2e;

import io.celeriac.engine.PeriodicTask;
import io.celeriac.engine.TaskHandler;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Component;

/** A worker as a user writes one, with its schedules in its code. */
@SpringBootApplication
class ReportsApplication {

    public static void main(String[] args) {
        SpringApplication.run(ReportsApplication.class, args);
    }

    @Component
    static class Reports {

        @TaskHandler("report.write")
        @PeriodicTask(name = "report-often", every = "PT1S", kwargs = "{\"part\": \"new\"}")
        @PeriodicTask(
                name = "report-nightly",
                crontab = "0 4 * * *",
                zone = "Europe/Berlin",
                kwargs = "{\"part\": \"all\"}")
        String write(String part) {
            return "wrote " + part;
        }
    }
}
