"""Rows against each other, across files, and against what is stored."""

import pytest

from domain.network import Device, DeviceStatus, Inventory, Role, Site, SiteKind

SITES = "slug,name,kind\npop-a,PoP A,pop\n"
ROUTER = Device("rtr-plered", "pop-a", Role.ROUTER, address="10.1.1.1")
STORED = Inventory(sites=(Site("pop-a", "PoP A", SiteKind.POP, latitude=-6.5, longitude=107.4),), devices=(ROUTER,))


def messages(result):
    return [str(error) for error in result.errors]


def test_an_unknown_device_is_told_with_the_nearest(take):
    result = take(STORED, devices_csv="name,site,role,uplink\na,pop-a,ap,rb-plered\n")
    assert messages(result) == [
        "devices.csv row 2, column uplink: 'rb-plered' is not a device. Did you mean 'rtr-plered'?"
    ]
    assert result.errors[0].as_dict()["value"] == "rb-plered"


def test_a_site_is_found_by_what_people_call_it(take):
    stored = Inventory(sites=(Site("pop-a", "Gedung Bale Madukara", SiteKind.POP),))
    result = take(stored, devices_csv="name,site,role\na,Gedung Bale Madukara,ap\n")
    assert "Did you mean 'pop-a'?" in messages(result)[0]


def test_a_cell_that_cannot_be_read_makes_no_second_error(take):
    result = take(sites_csv="slug,name,kind,latitude,longitude\na,A,pop,utara,107.4\n")
    assert [error.column for error in result.errors] == ["latitude"]


@pytest.mark.parametrize("column", ["uplink", "mgmt_via", "olt"])
def test_devices_named_by_devices(take, column):
    assert "is not a device" in messages(take(STORED, devices_csv=f"name,site,role,{column}\na,pop-a,ap,x\n"))[0]
    assert take(STORED, devices_csv=f"name,site,role,{column}\na,pop-a,ap,rtr-plered\n").errors == ()


@pytest.mark.parametrize(
    ("file", "content", "word"),
    [
        ("devices_csv", "name,site,role\na,pop-b,ap\n", "'pop-b' is not a site. Did you mean 'pop-a'?"),
        ("devices_csv", "name,site,role\na,PoP A,ap\n", "Did you mean 'pop-a'?"),
        ("links_csv", "name,a_device\nl,rtr-plerd\n", "'rtr-plerd' is not a device. Did you mean 'rtr-plered'?"),
        ("links_csv", "name,a_device,z_device\nl,rtr-plered,x\n", "'x' is not a device."),
        ("links_csv", "name,a_device,contract\nl,rtr-plered,K-9\n", "'K-9' is not a contract."),
        ("links_csv", "name,a_device,segments\nl,rtr-plered,s1|s2\n", "'s1' is not a segment."),
        ("links_csv", "name,a_device,z_device\nl,rtr-plered,rtr-plered\n", "to itself"),
        ("sites_csv", "slug,name,kind,contract\nb,B,pop,K-9\n", "'K-9' is not a contract."),
        ("services_csv", "code,name,site\ns,S,pop-z\n", "'pop-z' is not a site."),
        ("prefixes_csv", "prefix,site\n10.0.0.0/8,pop-z\n", "'pop-z' is not a site."),
        ("prefixes_csv", "prefix,gateway\n10.0.0.0/24,10.0.1.1\n", "does not lie in 10.0.0.0/24"),
        ("prefixes_csv", "prefix,dhcp_from,dhcp_to\n10.0.0.0/24,10.0.0.9,10.0.0.2\n", "lies before"),
        ("contracts_csv", "id,provider,starts_on,ends_on\nK,I,31/12/2025,01/01/2025\n", "before it starts"),
        ("sites_csv", "slug,name,kind,latitude,longitude\nb,B,pop,107.4,-6.5\n", "swapped"),
        ("sites_csv", "slug,name,kind,latitude,longitude\nb,B,pop,-6.5,\n", "a latitude without a longitude"),
        ("sites_csv", "slug,name,kind\nb,,pop\n", "the cell is empty"),
        ("villages_csv", "region_code,population\n32.14.13.2009,-3\n", "is negative"),
        ("targets_csv", "region_code,due_on,indicator,value\n32.14,2026-12-31,desa,banyak\n", "not a number"),
    ],
)
def test_what_is_refused(take, file, content, word):
    result = take(STORED, **{file: content})
    assert word in messages(result)[0]
    assert result.inventory == Inventory()


def test_a_slug_twice_names_the_other_row(take):
    result = take(sites_csv=SITES + "b,B,pop\npop-a,PoP A2,pop\n")
    assert messages(result) == [
        "sites.csv row 4, column slug: 'pop-a' stands already in row 2. "
        "Delete one of the two rows, or give this one another slug."
    ]
    assert result.counts == {"sites": 2}


def test_a_slug_twice_in_two_files_names_the_other_file(take):
    result = take(sites_csv=SITES, lokasi_csv=SITES)
    assert "in sites.csv row 2" in messages(result)[0]


def test_an_identical_prefix(take):
    result = take(prefixes_csv="prefix\n10.0.0.0/24\n10.0.0.0/255.255.255.0\n10.0.0.0/25\n")
    assert "'10.0.0.0/24' stands already in row 2" in messages(result)[0]
    assert result.counts == {"prefixes": 2}


def test_one_village_in_two_years_is_two_records(take):
    result = take(villages_csv="region_code,year\n32.14.13.2009,2024\n32.14.13.2009,2025\n")
    assert result.counts == {"villages": 2}


DEVICES = "name,site,role,zone,snmp_port,address,status\n"


def test_an_address_is_unique_within_zone_and_port(take):
    rows = "a,pop-a,ap,z1,161,10.1.1.9,\nb,pop-a,ap,z2,161,10.1.1.9,\nc,pop-a,ap,z1,1161,10.1.1.9,\n"
    assert take(STORED, devices_csv=DEVICES + rows).errors == ()
    result = take(STORED, devices_csv=DEVICES + rows + "d,pop-a,ap,z1,161,10.1.1.9,\n")
    assert "10.1.1.9 is already the address of 'a' (devices.csv row 2)" in messages(result)[0]
    result = take(STORED, devices_csv="name,site,role,address\nx,pop-a,ap,10.1.1.1\n")
    assert "the address of 'rtr-plered', in the same zone" in messages(result)[0]


def test_a_spare_may_bear_any_address(take):
    assert take(STORED, devices_csv=DEVICES + "a,pop-a,ap,,161,10.1.1.1,cadangan\n").errors == ()


def test_two_onus_in_one_place(take):
    rows = "o,pop-a,olt,,,\na,pop-a,onu,o,0/1,1\nb,pop-a,onu,o,0/1,2\nc,pop-a,onu,o,0/1,1\n"
    result = take(STORED, devices_csv="name,site,role,olt,olt_port,onu_id\n" + rows)
    assert "is already 'a'" in messages(result)[0]
    assert result.errors[0].row == 5


def test_a_circle_of_uplinks_is_named(take):
    result = take(STORED, devices_csv="name,site,role,uplink\na,pop-a,ap,b\nb,pop-a,ap,c\nc,pop-a,ap,a\nd,pop-a,ap,a\n")
    assert messages(result) == [
        "devices.csv row 2, column uplink: the uplinks lead in a circle: "
        "a (devices.csv row 2) → b (devices.csv row 3) → c (devices.csv row 4) → a. "
        "One of them must lead towards the centre. "
        "If it is a ring, uplink names one side only and the cable between a and b is a row of links.csv: "
        "name,a_device,z_device,medium / fo-a-b,a,b,fibre"
    ]
    assert result.inventory.devices == ()
    assert [row.row for row in result.rejected] == [2, 3, 4, 5]


def test_a_circle_through_what_is_stored(take):
    stored = Inventory(sites=STORED.sites, devices=(ROUTER, Device("b", "pop-a", Role.AP, uplink=("rtr-plered",))))
    result = take(stored, devices_csv="name,site,role,uplink\nrtr-plered,pop-a,router,b\n")
    assert "in a circle" in messages(result)[0]
    assert "b (stored)" in messages(result)[0]


def test_a_ring_whose_uplinks_go_both_ways_is_told_how_a_ring_is_written(take):
    """And what is told can be imported as it stands."""
    head = "name,site,role,uplink\n"
    both = take(STORED, devices_csv=head + "c,pop-a,router,\na,pop-a,router,c|b\nb,pop-a,router,c|a\n")
    (problem,) = messages(both)
    assert "a (devices.csv row 3) → b (devices.csv row 4) → a" in problem
    columns, row = problem.partition("links.csv: ")[2].split(" / ")
    ring = take(
        STORED,
        devices_csv=head + "c,pop-a,router,\na,pop-a,router,c\nb,pop-a,router,c\n",
        links_csv=f"{columns}\n{row}\n",
    )
    assert ring.errors == ()
    assert [(link.name, link.a_device, link.z_device) for link in ring.inventory.links] == [("fo-a-b", "a", "b")]


def test_a_device_that_is_its_own_parent(take):
    result = take(STORED, devices_csv="name,site,role,uplink\na,pop-a,router,a\n")
    assert messages(result) == [
        "devices.csv row 2, column uplink: 'a' is its own uplink. "
        "Name the next device towards the centre, or leave it empty."
    ]


def test_a_circle_that_is_stored_already_does_not_hang(take):
    stored = Inventory(
        sites=STORED.sites,
        devices=(Device("a", "pop-a", Role.AP, uplink=("b",)), Device("b", "pop-a", Role.AP, uplink=("a",))),
    )
    assert take(stored, devices_csv="name,site,role\nx,pop-a,ap\n").counts == {"devices": 1}


def test_many_circles_end(take):
    rows = "".join(f"a{i},pop-a,ap,b{i}\nb{i},pop-a,ap,a{i}\n" for i in range(200))
    result = take(STORED, devices_csv="name,site,role,uplink\n" + rows)
    assert result.inventory.devices == ()
    assert len(result.rejected) == 400
    assert len([error for error in result.errors if "in a circle" in str(error)]) == 50
    assert "its uplinks lead back to itself" in str(result.errors[-1])


def test_rows_that_depend_on_a_rejected_row_are_rejected_without_an_error_of_their_own(take):
    result = take(
        sites_csv=SITES + "pop-b,B,nothing\n",
        devices_csv="name,site,role,uplink\na,pop-b,ap,\nb,pop-a,ap,a\nc,pop-a,ap,b\nd,pop-a,ap,\n",
        links_csv="name,a_device,z_device\nl,d,c\nm,d,\n",
    )
    assert [error.row for error in result.errors] == [3]
    assert result.counts == {"sites": 1, "devices": 1, "links": 1}
    assert {(row.table, row.row) for row in result.rejected} == {
        ("sites", 3),
        ("devices", 2),
        ("devices", 3),
        ("devices", 4),
        ("links", 2),
    }
    reasons = {row.row: row.reason for row in result.rejected if row.table == "devices"}
    assert reasons[3] == "needs 'a' of devices.csv row 2, which was rejected."


def test_a_rejected_update_leaves_the_stored_record_to_lean_on(take):
    result = take(STORED, devices_csv="name,site,role,uplink\nrtr-plered,pop-z,router,\na,pop-a,ap,rtr-plered\n")
    assert [device.name for device in result.inventory.devices] == ["a"]


def test_what_falls_back_to_the_stored_record_may_take_an_address(take):
    stored = Inventory(sites=STORED.sites, devices=(ROUTER,))
    rows = "rtr-plered,pop-a,router,10.1.1.2,nothing\nb,pop-a,ap,10.1.1.1,\n"
    result = take(stored, devices_csv="name,site,role,address,uplink\n" + rows)
    assert result.inventory.devices == ()
    assert "the address of 'rtr-plered'" in messages(result)[1]


def test_all_faults_of_a_row_are_told(take):
    result = take(STORED, devices_csv="name,site,role,address,uplink\na,pop-z,ruoter,10.1.1,x\n")
    assert {error.column for error in result.errors} == {"site", "role", "address", "uplink"}


def test_errors_are_sorted_by_file_and_row(take):
    result = take(devices_csv="name,site,role\na,nowhere,ap\nb,nowhere,wrong\n", contracts_csv="id,provider\nK,\n")
    assert [(error.file, error.row) for error in result.errors] == [
        ("contracts.csv", 2),
        ("devices.csv", 2),
        ("devices.csv", 3),
        ("devices.csv", 3),
    ]


def test_a_column_that_is_absent_keeps_what_is_stored(take):
    result = take(STORED, sites_csv="slug,name,kind,address\npop-a,PoP Baru,pop,Jl. Raya\n")
    (site,) = result.inventory.sites
    assert (site.name, site.address, site.latitude) == ("PoP Baru", "Jl. Raya", -6.5)
    assert (result.files[0].changed, result.files[0].added) == (1, 0)


def test_a_cell_that_is_empty_clears_what_is_stored(take):
    (site,) = take(STORED, sites_csv="slug,name,kind,latitude,longitude\npop-a,PoP A,pop,,\n").inventory.sites
    assert site.latitude is None


def test_the_headings_of_the_file_stand_in_errors(take):
    result = take(sites_csv="Kode;Nama;Jenis Lokasi\na;A;gedung\n")
    assert result.errors[0].column == "Jenis Lokasi"


def test_details_are_warnings(take):
    result = take(
        STORED,
        services_csv="code,name,host\ns,S,server-x\n",
        devices_csv="name,site,role,olt\no,pop-a,onu,rtr-plered\n",
        villages_csv="region_code,population,households\n32.14.13.2009,10,300\n",
    )
    assert result.errors == ()
    notes = " ".join(map(str, result.notes))
    assert "'server-x' is not a device" in notes
    assert "is a router, not an OLT" in notes
    assert "300 households" in notes


def test_formulas_are_texts(take):
    result = take(sites_csv="slug,name,kind,contact\na,=cmd|' /C calc'!A0,pop,'+62812\n")
    assert (result.inventory.sites[0].name, result.inventory.sites[0].contact) == ("=cmd|' /C calc'!A0", "+62812")


def test_statuses_in_indonesian(take):
    (device,) = take(STORED, devices_csv=DEVICES + "a,pop-a,kamera,,,,Hilang\n").inventory.devices
    assert (device.role, device.status) == (Role.CAMERA, DeviceStatus.LOST)
