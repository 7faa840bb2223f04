package demo

import "strings"

// pace is how long a procedure takes in general.
type pace string

// The paces.
const (
	quick  pace = "quick"  // mostly the same day
	short  pace = "short"  // the shorter of two draws
	medium pace = "medium" // one draw
	long   pace = "long"   // the longer of two
)

// pattern makes the name of a procedure out of an object: … stands for it.
type pattern struct {
	name   string
	result string // "" for nothing that is handed out
	pace   pace
}

// kind is a sort of procedure: what can be asked for about one object, the likeliest first, and the papers that it takes.
type kind struct {
	patterns   []pattern
	components []string
	fee        int // levy of a new one in thousand đồng, 0 for none
}

// kinds by the key that stands in the facts.
var kinds = map[string]kind{
	"x": {
		patterns:   []pattern{{"…", "Văn bản trả lời kết quả giải quyết", medium}},
		components: []string{"Tờ khai theo mẫu", "Bản sao giấy tờ chứng minh nội dung đề nghị", "Bản sao giấy tờ tùy thân hoặc thông tin từ cơ sở dữ liệu dân cư"},
	},
	"gp": { // giấy phép
		patterns: []pattern{
			{"Cấp …", "…", medium},
			{"Cấp lại …", "…", short},
			{"Gia hạn …", "… đã gia hạn", short},
			{"Sửa đổi, bổ sung …", "… đã sửa đổi, bổ sung", medium},
			{"Thu hồi … theo đề nghị của người được cấp", "Quyết định thu hồi …", short},
		},
		components: []string{"Đơn đề nghị theo mẫu", "Bản sao giấy chứng nhận đăng ký doanh nghiệp hoặc giấy tờ tùy thân", "Bản thuyết minh cơ sở vật chất, kỹ thuật", "Danh sách nhân sự kèm bản sao văn bằng", "Bản gốc giấy phép đã cấp (nếu có)"},
		fee:        500,
	},
	"cn": { // giấy chứng nhận
		patterns: []pattern{
			{"Cấp …", "…", medium}, {"Cấp lại … do bị mất, hư hỏng", "…", short}, {"Cấp đổi …", "…", short}, {"Điều chỉnh thông tin trên …", "… đã điều chỉnh", short},
		},
		components: []string{"Đơn đề nghị cấp giấy chứng nhận theo mẫu", "Bản thuyết minh điều kiện bảo đảm", "Bản sao kết quả kiểm tra, kiểm nghiệm còn hiệu lực", "Bản gốc giấy chứng nhận đã cấp (nếu có)"},
		fee:        300,
	},
	"cc": { // chứng chỉ, thẻ hành nghề
		patterns: []pattern{
			{"Cấp …", "…", medium},
			{"Cấp lại …", "…", short},
			{"Điều chỉnh phạm vi hành nghề trên …", "… đã điều chỉnh", medium},
			{"Thu hồi … theo đề nghị của người được cấp", "Quyết định thu hồi …", short},
		},
		components: []string{"Đơn đề nghị theo mẫu", "Ảnh chân dung 3x4 cm", "Bản sao văn bằng, chứng chỉ chuyên môn", "Giấy xác nhận thời gian thực hành", "Phiếu lý lịch tư pháp còn hiệu lực"},
		fee:        200,
	},
	"da": { // dự án, đề án, báo cáo
		patterns: []pattern{
			{"Thẩm định …", "Văn bản thẩm định …", long},
			{"Phê duyệt …", "Quyết định phê duyệt …", long},
			{"Thẩm định điều chỉnh …", "Văn bản thẩm định điều chỉnh …", medium},
			{"Gia hạn thời gian thực hiện …", "Quyết định gia hạn …", medium},
		},
		components: []string{"Tờ trình đề nghị thẩm định, phê duyệt", "Thuyết minh kèm bản vẽ, phụ lục", "Văn bản pháp lý liên quan", "Ý kiến của cơ quan, tổ chức liên quan"},
		fee:        2000,
	},
	"tl": { // thành lập tổ chức
		patterns: []pattern{
			{"Thành lập …", "Quyết định thành lập …", long},
			{"Cho phép … hoạt động", "Quyết định cho phép … hoạt động", medium},
			{"Sáp nhập, chia, tách …", "Quyết định sáp nhập, chia, tách …", long},
			{"Giải thể …", "Quyết định giải thể …", medium},
			{"Đổi tên, thay đổi địa điểm …", "Quyết định đổi tên, thay đổi địa điểm …", short},
			{"Tạm ngừng hoạt động của …", "Quyết định tạm ngừng hoạt động của …", short},
		},
		components: []string{"Tờ trình hoặc đơn đề nghị", "Đề án thành lập, hoạt động", "Dự thảo quy chế, điều lệ", "Văn bản chứng minh quyền sử dụng trụ sở", "Danh sách và lý lịch người đứng đầu"},
	},
	"dk": { // đăng ký
		patterns: []pattern{
			{"Đăng ký …", "Giấy chứng nhận đăng ký …", short},
			{"Thay đổi nội dung đăng ký …", "Giấy chứng nhận đăng ký … đã thay đổi", short},
			{"Cấp lại giấy chứng nhận đăng ký …", "Giấy chứng nhận đăng ký …", short},
			{"Chấm dứt đăng ký …", "Văn bản chấm dứt đăng ký …", short},
		},
		components: []string{"Giấy đề nghị đăng ký theo mẫu", "Bản sao giấy tờ pháp lý của người đăng ký", "Tài liệu kèm theo nội dung đăng ký"},
		fee:        100,
	},
	"dh": { // danh hiệu, công nhận
		patterns: []pattern{
			{"Công nhận …", "Quyết định công nhận …", long},
			{"Công nhận lại …", "Quyết định công nhận lại …", medium},
			{"Thu hồi quyết định công nhận …", "Quyết định thu hồi", medium},
		},
		components: []string{"Văn bản đề nghị công nhận", "Báo cáo thành tích, điều kiện", "Biên bản họp xét, bình chọn"},
	},
	"cd": { // chế độ, trợ cấp
		patterns: []pattern{
			{"Giải quyết …", "Quyết định giải quyết …", medium},
			{"Điều chỉnh …", "Quyết định điều chỉnh …", medium},
			{"Chuyển nơi nhận …", "Giấy giới thiệu chuyển nơi nhận …", short},
			{"Thôi nhận …", "Quyết định thôi nhận …", short},
		},
		components: []string{"Tờ khai đề nghị theo mẫu", "Bản sao giấy tờ chứng minh đối tượng", "Bản sao sổ, thẻ đang hưởng (nếu có)"},
	},
	"tb": { // thông báo, công bố
		patterns: []pattern{
			{"Tiếp nhận thông báo …", "Văn bản tiếp nhận thông báo", short},
			{"Tiếp nhận thông báo thay đổi về …", "Văn bản tiếp nhận thông báo thay đổi", short},
			{"Tiếp nhận báo cáo về …", "", short}, // a report is taken note of
		},
		components: []string{"Văn bản thông báo theo mẫu", "Tài liệu kèm theo"},
	},
}

// of puts the object in.
func (p pattern) of(object string) (name, result string) {
	return upperFirst(strings.Replace(p.name, "…", object, 1)), upperFirst(strings.Replace(p.result, "…", object, 1))
}

// outcome of a procedure with a name of its own: what its field always ends with, or the paper that the name says is issued.
func outcome(f *field, name, otherwise string) string {
	if f.Result != "" {
		return f.Result
	}
	for _, verb := range []string{"Cấp mới ", "Cấp lại ", "Cấp đổi ", "Cấp ", "Đổi, cấp lại ", "Đổi "} {
		if object, ok := strings.CutPrefix(name, verb); ok && !strings.HasPrefix(object, "phát ") {
			return upperFirst(object)
		}
	}
	return otherwise
}
