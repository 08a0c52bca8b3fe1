"""The words of the demo office. Invented people; no real ones."""

from typing import Final

UNITS: Final = (
    ("1700", "BPS Provinsi Bengkulu"),
    ("1701", "BPS Kabupaten Bengkulu Selatan"),
    ("1702", "BPS Kabupaten Rejang Lebong"),
    ("1703", "BPS Kabupaten Bengkulu Utara"),
    ("1704", "BPS Kabupaten Kaur"),
    ("1705", "BPS Kabupaten Seluma"),
    ("1706", "BPS Kabupaten Mukomuko"),
    ("1707", "BPS Kabupaten Lebong"),
    ("1708", "BPS Kabupaten Kepahiang"),
    ("1709", "BPS Kabupaten Bengkulu Tengah"),
    ("1771", "BPS Kota Bengkulu"),
)

# The four accounts of the log-in page; after them come the others.
ACCOUNTS: Final = (
    ("pegawai", "Rani Oktaviani"),
    ("admin", "Dedi Kurniawan"),
    ("teknisi", "Yusuf Maulana"),
    ("pimpinan", "Sri Wahyuni"),
)

FIRST_NAMES: Final = (
    "Agus", "Anisa", "Arief", "Ayu", "Bambang", "Citra", "Dewi", "Dimas", "Eka", "Fajar", "Fitri", "Galih", "Hendra",
    "Indah", "Irfan", "Joko", "Kartika", "Lestari", "Lukman", "Maya", "Mega", "Nanda", "Nurul", "Oki", "Putri",
    "Rahmat", "Ratna", "Reza", "Rina", "Rizki", "Santi", "Satria", "Sinta", "Surya", "Taufik", "Tia", "Umar", "Vina",
    "Wahyu", "Wulan", "Yanti", "Yoga", "Yulia", "Zaki",
)  # fmt: skip
LAST_NAMES: Final = (
    "Aditya", "Amalia", "Anggraini", "Apriyanto", "Cahyani", "Darmawan", "Fauzi", "Febriani", "Gunawan", "Handayani",
    "Hidayat", "Iskandar", "Juliansyah", "Kusuma", "Marlina", "Mahendra", "Nugroho", "Permata", "Pratama", "Puspita",
    "Rahayu", "Ramadhan", "Safitri", "Saputra", "Setiawan", "Susanti", "Syahputra", "Utami", "Wibowo", "Wijaya",
)  # fmt: skip

ROOMS: Final = (
    "Ruang Umum", "Ruang Statistik Sosial", "Ruang Statistik Produksi", "Ruang Distribusi", "Ruang Neraca",
    "Ruang IPDS", "Ruang Keuangan", "Ruang Pelayanan", "Aula", "Ruang Rapat",
)  # fmt: skip

BRANDS: Final = {
    "pc": ("Lenovo ThinkCentre M70s", "HP ProDesk 400 G7", "Dell OptiPlex 3080", "Acer Veriton M4680"),
    "laptop": ("Lenovo ThinkPad L14", "HP ProBook 440 G8", "Asus ExpertBook B1", "Acer TravelMate P214"),
    "printer": ("Epson L5290", "HP LaserJet M404dn", "Brother HL-L2375DW"),
}

# Category: pairs of what is asked for and its explanation.
REQUESTS: Final = {
    "new": (
        ("Pasang jaringan untuk PC baru", "PC pengadaan tahun ini sudah di meja, kabel LAN sudah ada di dinding."),
        ("Laptop baru perlu masuk jaringan kantor", "Untuk pengolahan Susenas, perlu akses server dan printer."),
        ("Printer bagian keuangan minta disambungkan", "Printer baru, ingin dipakai bersama lima orang."),
    ),
    "move": (
        ("Pindah ruang, PC perlu disetel ulang", "Mulai hari ini saya pindah meja ke ruang sebelah."),
        ("PC dipindah ke aula untuk pelatihan petugas", "Perlu tersambung sebelum pelatihan dimulai."),
        ("Mutasi antarbagian, jaringan ikut pindah", "Komputer ikut saya ke bagian yang baru."),
    ),
    "fault": (
        ("Tidak bisa internet sejak pagi", "Ikon jaringan bertanda seru kuning, rekan di sebelah bisa."),
        ("Jaringan putus-nyambung", "Setiap beberapa menit terputus, unggahan data gagal terus."),
        ("Muncul pesan konflik alamat IP", "Di layar tertulis alamat IP dipakai komputer lain."),
        ("Folder bersama tidak bisa dibuka", "Semula bisa, sejak kemarin diminta kata sandi."),
        ("Tidak bisa mencetak ke printer ruangan", "Printer menyala dan bisa dipakai orang lain."),
        ("Kabel LAN tertarik dan longgar", "Colokan di dinding longgar, lampu tidak menyala."),
    ),
    "replacement": (
        ("Ganti PC lama dengan yang baru", "PC lama rusak, penggantinya sudah datang."),
        ("Laptop pengganti perlu disetel jaringannya", "Laptop lama ditarik BMN, nama dan grup sama seperti semula."),
    ),
    "other": (
        ("Minta sambungan sementara untuk tamu", "Tim dari pusat bekerja di sini dua hari."),
        ("Nama PC belum sesuai aturan", "Waktu pemeriksaan aset, nama PC saya tidak sesuai daftar."),
    ),
}

NEEDS: Final = (
    ("Kabel jaringan", 15), ("Konektor RJ45", 2), ("Port switch kosong", 1), ("Driver kartu jaringan", 1),
    ("Akun domain/grup", 1), ("Stopkontak dinding", 1),
)  # fmt: skip

SUMMARIES: Final = (
    "Kabel diganti dan dikrimping ulang, alamat IP disetel manual, grup jaringan disesuaikan.",
    "Driver kartu jaringan dipasang ulang, alamat IP dan DNS disetel sesuai rencana.",
    "Port switch dipindah, alamat IP baru dipasang, nama PC disesuaikan dengan aturan.",
    "Konflik alamat diselesaikan, berbagi berkas dan printer diaktifkan kembali.",
    "Jaringan disetel dari awal: IP, gateway, DNS, nama PC, dan grup jaringan.",
)

REJECTIONS: Final = (
    "Permintaan ini untuk aplikasi, bukan jaringan. Silakan hubungi tim pengolahan.",
    "Perangkat milik pribadi tidak disambungkan ke jaringan kantor.",
    "Sudah ada tiket lain untuk perangkat yang sama.",
)
CANCELLATIONS: Final = ("Sudah bisa sendiri setelah komputer dinyalakan ulang.", "Jadwal pindah ruang diundur.")
DECLINES: Final = ("Sedang tugas luar di kabupaten, mohon dialihkan.", "Bentrok dengan perbaikan server siang ini.")
REASSIGNMENTS: Final = ("Teknisi sebelumnya dinas luar.", "Lokasi lebih dekat dengan teknisi ini.")
REOPENINGS: Final = ("Putus lagi sejak tadi pagi.", "Printer bersama belum bisa dibuka.")
FAILURES: Final = ("Ping ke gateway putus-putus, kabel dicek ulang.", "Alamat sudah benar, tetapi DNS belum menjawab.")
HOLD_NOTES: Final = ("Menunggu kiriman kabel dari gudang.", "Pegawai rapat sampai siang.", "Menunggu jawaban penyedia.")
COMMENTS: Final = (
    "Saya ada di tempat sampai pukul 15.00.", "Mohon dibantu sebelum rilis besok.", "Terima kasih, sudah dicoba.",
    "Nomor inventaris ada di samping CPU.",
)  # fmt: skip
NOTES: Final = (
    "Port 14 switch lantai 2 sudah mulai rusak.", "Pakai cadangan kabel dari gudang, stok tinggal dua.",
    "PC ini masih Windows lama, perlu dijadwalkan.",
)  # fmt: skip

# What people write beside a grade, by grade.
OPINIONS: Final = {
    1: ("Tiga kali kembali baru berhasil.", "Terlalu lama, pekerjaan saya tertunda seharian."),
    2: ("Menunggu agak lama, tanpa kabar.", "Sudah beres, tetapi printer masih kadang terputus."),
    3: ("Baik, mudah-mudahan bisa lebih cepat.", "Teknisinya ramah.", "Selesai sesuai yang dijanjikan."),
    4: ("Cepat dan ramah, terima kasih.", "Langsung beres pada hari yang sama.", "Penjelasannya mudah dimengerti."),
}
