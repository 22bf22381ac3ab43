package io.celeriac.controlweb.fleet;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.LiveSetting;
import java.time.InstantSource;

/** A fleet that hears what a test says. */
public final class TestFleet {

    private final InstantSource clock;
    private final Fleet fleet;
    private long settings;

    public TestFleet(InstantSource clock) {
        this.clock = clock;
        fleet = new Fleet(clock);
    }

    public Fleet fleet() {
        return fleet;
    }

    /** The broker answers, and all heartbeats were read. */
    public void isUpToDate() {
        fleet.brokerAnswered();
        fleet.heartbeatsRead(true);
    }

    /** The reader has begun anew, and has not read what there is. */
    public void isBehind() {
        fleet.brokerAnswered();
        fleet.heartbeatsRead(false);
    }

    public void hears(Heartbeat heartbeat) {
        fleet.heard(heartbeat, clock.instant());
    }

    public void hears(LiveSetting setting) {
        fleet.set(setting, ChangeTerms.NONE, settings++);
    }
}
