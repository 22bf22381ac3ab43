-- What was counted by the minute before there were counters by the hour.

INSERT INTO task_count_hour (hour, queue, task, state, slot,
    tasks, run_ms, wait_ms, run_00, run_01, run_02, run_03, run_04, run_05, run_06, run_07, run_08, run_09, run_10, run_11,
    run_12, run_13, run_14, run_15, run_16, run_17, run_18, run_19, run_20, run_21, run_22, run_23, run_24, run_25, run_26,
    run_27, run_28, run_29, run_30, run_31, run_32, run_33, run_34, run_35, run_36, run_37, run_38, run_39, run_40, run_41,
    run_42, run_43, run_44, run_45, run_46, run_47, run_48, wait_00, wait_01, wait_02, wait_03, wait_04, wait_05, wait_06,
    wait_07, wait_08, wait_09, wait_10, wait_11, wait_12, wait_13, wait_14, wait_15, wait_16, wait_17, wait_18, wait_19, wait_20,
    wait_21, wait_22, wait_23, wait_24, wait_25, wait_26, wait_27, wait_28, wait_29, wait_30, wait_31, wait_32, wait_33, wait_34,
    wait_35, wait_36, wait_37, wait_38, wait_39, wait_40, wait_41, wait_42, wait_43, wait_44, wait_45, wait_46, wait_47, wait_48)
SELECT CAST(DATE_FORMAT(minute, '%Y-%m-%d %H:00:00') AS DATETIME) AS hour_of_minute, queue, task, state, 0,
    SUM(tasks), SUM(run_ms), SUM(wait_ms), SUM(run_00), SUM(run_01), SUM(run_02), SUM(run_03), SUM(run_04), SUM(run_05),
    SUM(run_06), SUM(run_07), SUM(run_08), SUM(run_09), SUM(run_10), SUM(run_11), SUM(run_12), SUM(run_13), SUM(run_14),
    SUM(run_15), SUM(run_16), SUM(run_17), SUM(run_18), SUM(run_19), SUM(run_20), SUM(run_21), SUM(run_22), SUM(run_23),
    SUM(run_24), SUM(run_25), SUM(run_26), SUM(run_27), SUM(run_28), SUM(run_29), SUM(run_30), SUM(run_31), SUM(run_32),
    SUM(run_33), SUM(run_34), SUM(run_35), SUM(run_36), SUM(run_37), SUM(run_38), SUM(run_39), SUM(run_40), SUM(run_41),
    SUM(run_42), SUM(run_43), SUM(run_44), SUM(run_45), SUM(run_46), SUM(run_47), SUM(run_48), SUM(wait_00), SUM(wait_01),
    SUM(wait_02), SUM(wait_03), SUM(wait_04), SUM(wait_05), SUM(wait_06), SUM(wait_07), SUM(wait_08), SUM(wait_09), SUM(wait_10),
    SUM(wait_11), SUM(wait_12), SUM(wait_13), SUM(wait_14), SUM(wait_15), SUM(wait_16), SUM(wait_17), SUM(wait_18), SUM(wait_19),
    SUM(wait_20), SUM(wait_21), SUM(wait_22), SUM(wait_23), SUM(wait_24), SUM(wait_25), SUM(wait_26), SUM(wait_27), SUM(wait_28),
    SUM(wait_29), SUM(wait_30), SUM(wait_31), SUM(wait_32), SUM(wait_33), SUM(wait_34), SUM(wait_35), SUM(wait_36), SUM(wait_37),
    SUM(wait_38), SUM(wait_39), SUM(wait_40), SUM(wait_41), SUM(wait_42), SUM(wait_43), SUM(wait_44), SUM(wait_45), SUM(wait_46),
    SUM(wait_47), SUM(wait_48)
FROM task_count
GROUP BY hour_of_minute, queue, task, state;
